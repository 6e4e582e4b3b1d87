// What the Generators page saves: pictures, their sheet, what drew them in their texts, and a case.
#include <QListView>
#include <QSlider>
#include <map>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/metadata.h"
#include "generators_fixture.h"
#include "tests/support/test_program.h"
#include "ui/intake/file_dialogs.h"

using namespace signet;
using test::GeneratorsFixture;
namespace fs = std::filesystem;

namespace {

using PngTexts = std::map<std::string, std::string>;

PngTexts textsOf(const Bytes& png) {
    PngTexts texts;
    for (const auto& entry : image::readMetadata(png).entries) texts[entry.key] = entry.value;
    return texts;
}
}  // namespace

class TestGeneratorSaving : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    models::Manifest m_style;

private Q_SLOTS:
    void initTestCase() { m_style = test::styleGenerator(ui::toPath(m_folder.path()), 16); }

    void savingReplacesNothing() {
        GeneratorsFixture f({m_style});
        f.begin(7, 2);
        f.waitUntilDrawn();
        const QString folder = f.folderNamed("out");
        const auto save = [&] {
            ui::FileDialogs::setNextFileNames({folder});
            f.action("generatorSaveAction").trigger();
            f.waitUntilSaved();
        };
        save();
        QVERIFY2(f.notice().startsWith(QStringLiteral("2 pictures written into")), qPrintable(f.notice()));
        const fs::path second = ui::toPath(folder) / "7-000001.png";
        QVERIFY(test::same(image::decode(readFile(second)).image, f.pictures()[1]));
        const fs::path first = ui::toPath(folder) / "7-000000.png";
        fs::remove(first);
        writeFileAtomically(second, std::string("something else"), IfExists::Replace);
        save();
        QVERIFY2(f.notice().startsWith(QStringLiteral("The pictures were not saved.")),
                 qPrintable(f.notice()));
        QVERIFY(f.notice().contains(QStringLiteral("7-000001.png")));
        QCOMPARE(readTextFile(second), std::string("something else"));
        QVERIFY(!fs::exists(first));
    }

    void picturesGoIntoACase() {
        GeneratorsFixture f({m_style});
        f.begin(7, 2);
        f.waitUntilDrawn();
        const QString folder = f.folderNamed("exhibits");
        ui::FileDialogs::setNextFileNames({folder});
        f.action("generatorToCaseAction").trigger();
        QTRY_COMPARE(f.window->shownPage(), QStringLiteral("cases"));  // none is open
        QVERIFY(fs::exists(ui::toPath(folder) / "7-000001.png"));
        QVERIFY(f.find<ui::NoticeBar>("caseNotice")->text().contains(QStringLiteral("2 images")));
        f.window->showPage(QStringLiteral("generators"));
        f.action("generatorToCaseAction").trigger();  // they are saved already
        QCOMPARE(f.window->shownPage(), QStringLiteral("cases"));
    }

    /// Rows and columns as on the page, pixel for pixel, with what drew them in its texts.
    void theSheetSaysWhatDrewIt() {
        GeneratorsFixture f({m_style});
        f.find<QListView>("generatorGrid")->setMaximumWidth(400);  // two beside each other
        QCoreApplication::processEvents();
        f.find<QSlider>("drawTruncation")->setValue(50);
        f.begin(7, 3);
        f.waitUntilDrawn();
        f.action("generatorSheetAction").trigger();
        const QString file = f.path(QStringLiteral("sheet.png"));
        ui::FileDialogs::setNextFileNames({file});
        f.action("generatorSaveAction").trigger();
        f.waitUntilSaved();
        QVERIFY2(f.notice().startsWith(QStringLiteral("The sheet is written")), qPrintable(f.notice()));
        const Bytes bytes = readFile(ui::toPath(file));
        const image::Image sheet = image::decode(bytes).image;
        QCOMPARE(QSize(sheet.width, sheet.height), QSize(2 * 16, 2 * 16));
        const auto pictures = f.pictures();
        for (int i = 0; i < 4; ++i)
            for (int y = 0; y < 16; ++y)
                for (int x = 0; x < 16; ++x)
                    QCOMPARE(test::sampleAt(sheet, 16 * (i % 2) + x, 16 * (i / 2) + y, 1),
                             i < 3 ? test::sampleAt(pictures[static_cast<std::size_t>(i)], x, y, 1) : 0);
        PngTexts texts = textsOf(bytes);
        QCOMPARE(texts["Png.Text.Model"], m_style.name);
        QCOMPARE(texts["Png.Text.Model SHA-256"], m_style.weightsSha256);
        QCOMPARE(texts["Png.Text.Settings"], std::string("--seed 7 --first 0 -n 3 --truncation 0.5"));
        f.action("generatorToCaseAction").trigger();  // it is saved already
        QCOMPARE(f.window->shownPage(), QStringLiteral("cases"));
        QVERIFY(f.find<ui::NoticeBar>("caseNotice")->text().contains(QStringLiteral("1 image ")));
    }

    /// Each file what draws its picture alone, on a way what draws all of it.
    void aPictureSaysWhatDrewIt() {
        GeneratorsFixture f({m_style});
        f.find<QSlider>("drawTruncation")->setValue(50);
        const auto savedTexts = [&](const char* folder, const char* file) {
            f.waitUntilDrawn();
            ui::FileDialogs::setNextFileNames({f.folderNamed(folder)});
            f.action("generatorSaveAction").trigger();
            f.waitUntilSaved();
            return textsOf(readFile(ui::toPath(f.path(QLatin1String(folder))) / file));
        };
        f.begin(7, 3);
        PngTexts texts = savedTexts("drawn", "7-000002.png");
        QCOMPARE(texts["Png.Text.Model"], m_style.name);
        QCOMPARE(texts["Png.Text.Model SHA-256"], m_style.weightsSha256);
        QVERIFY(texts["Png.Text.Software"].starts_with("Signet "));
        QCOMPARE(texts["Png.Text.Settings"], std::string("--seed 7 --first 2 -n 1 --truncation 0.5"));
        QVERIFY(!texts.contains("Png.Text.Picture"));

        f.find<QSpinBox>("drawFrom")->setValue(1);
        f.find<QSpinBox>("drawTo")->setValue(5);
        f.action("generatorWayAction").trigger();
        texts = savedTexts("way", "7-000001-to-000005-000002.png");
        QCOMPARE(texts["Png.Text.Settings"], std::string("--seed 7 --first 1 -n 3 --to 5 --truncation 0.5"));
        QCOMPARE(texts["Png.Text.Picture"], std::string("2"));
    }
};

SIGNET_TEST(TestGeneratorSaving)
#include "test_generator_saving.moc"
