// The Generators page over small real generators: what it lists, which settings it shows, drawing again what
// a seed gives and the way between two pictures, progress and stopping within a picture, what reads the
// pictures, saving them and their sheet, a case, and the run that secures a generator.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QTextBrowser>
#include <map>
#include <stop_token>

#include "core/base/file_io.h"
#include "core/examine/loaded_models.h"
#include "core/generators/generator_model.h"
#include "core/image/decode.h"
#include "core/image/metadata.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/pictures.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/generators/draw_settings_panel.h"
#include "ui/generators/drawn_model.h"
#include "ui/generators/generator_page.h"
#include "ui/generators/generator_text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/generator_list_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
namespace fs = std::filesystem;

namespace {

constexpr int kPicturesWithinMs = 60'000;

/// The model of a run of a step or two on grey pictures.
models::Manifest modelOfRun(const fs::path& folder, const char* preset, std::vector<std::string> options) {
    const QString photos = ui::fromPath(folder / "photos");
    if (!fs::exists(folder / "photos")) {
        QDir().mkpath(photos);
        for (int i = 0; i < 16; ++i)
            test::writePicture(photos, QStringLiteral("%1.png").arg(i), 40 + 10 * i, QSize(144, 136));
    }
    options.push_back("data=" + ui::toPath(photos).string());
    options.insert(options.end(), {"batch=2", "steps=1", "bf16=false"});
    const Json whole = training::configure(tasks::all(), preset, options);
    const fs::path run = folder / (whole.at("name").get<std::string>() + "-run");
    training::runTraining(tasks::all(), {run, whole}, {});
    return models::readManifest(run / "model");
}

models::Manifest styleGenerator(const fs::path& folder, int side) {
    const std::string ofSide = std::to_string(side), width = std::to_string(4 * side);
    return modelOfRun(
        folder, "stylegan2-cats",
        {"name=style" + ofSide, "side=" + ofSide, "latent=8", "style=8", "mappingLayers=1",
         "featureBase=" + width, "featureMost=8", "criticBase=" + width, "criticMost=8", "distanceImages=0"});
}

models::Manifest diffusionGenerator(const fs::path& folder) {
    return modelOfRun(folder, "adm-cats",
                      {"name=diffusion", "side=8", "width=32", "multipliers=[1]", "blocks=1",
                       "attentionFactors=[]", "headWidth=32", "timesteps=40", "drawSteps=2",
                       "validationImages=2", "distanceImages=0", "warmUp=1"});
}

models::Manifest smallSignature(const fs::path& folder) {
    return modelOfRun(folder, "presence",
                      {"name=small-signature", "network.workSide=32", "network.injectorWidths=[8,8,8]",
                       "network.detectorWidths=[8,8,8]", "validationImages=2", "validationNegatives=4"});
}

/// The same weights as those of a generator that was secured would be listed.
models::Manifest securedWith(models::Manifest generator, const models::Manifest& signature) {
    generator.name = "secured";
    generator.of = models::GeneratorFields{8, signature.name, signature.weightsSha256, ""};
    return generator;
}

WindowFixture::MakeBackend backendWith(const std::vector<models::Manifest>& added) {
    return [added](const fs::path&) {
        ui::Backend backend = test::fakeBackend(std::make_shared<test::EngineControl>());
        backend.listModels = [list = backend.listModels, added] {
            ui::Catalogue catalogue = list();
            for (const models::Manifest& model : added) {
                ui::ModelEntry& entry = catalogue.models.emplace_back();
                entry.manifest = model;
                entry.card = "# Card of " + model.name;
            }
            return catalogue;
        };
        return backend;
    };
}

/// The window with the Generators page in front and these models installed beside the fake ones.
struct GeneratorsFixture : WindowFixture {
    explicit GeneratorsFixture(const std::vector<models::Manifest>& added = {})
        : WindowFixture(backendWith(added)) {
        window->showPage(QStringLiteral("generators"));
        QTRY_VERIFY(services->catalogue());
    }
    ui::GeneratorPage& page() const { return *window->page<ui::GeneratorPage>(); }
    ui::GeneratorService& service() const { return services->generators(); }
    ui::DrawnModel& drawn() const { return *page().drawn(); }
    QString textOf(const char* label) const { return find<QLabel>(label)->text(); }
    QString notice() const { return find<ui::NoticeBar>("generatorsNotice")->text(); }
    QAction& action(const char* name) const { return *find<QAction>(name); }
    void choose(int row) const { page().list()->selectRow(row); }
    void begin(int seed, int count) const {
        find<QSpinBox>("drawSeed")->setValue(seed);
        find<QSpinBox>("drawCount")->setValue(count);
        action("generatorDrawAction").trigger();
        QVERIFY(service().isDrawing());
    }
    void waitUntilSaved() const { QTRY_VERIFY(!service().isSaving()); }
    void waitUntilDrawn() const { QTRY_VERIFY_WITH_TIMEOUT(!service().isDrawing(), kPicturesWithinMs); }
    std::vector<image::Image> pictures() const {
        std::vector<image::Image> all;
        for (const ui::DrawnPicture& picture : drawn().pictures()) all.push_back(*picture.image->samples);
        return all;
    }
    QString captions() const {
        QStringList all;
        for (int row = 0; row < drawn().rowCount(); ++row)
            all << drawn().index(row).data().toString() << drawn().about(row);
        return all.join(QLatin1Char('\n'));
    }
    QString folderNamed(const char* name) const {
        const QString folder = path(QLatin1String(name));
        QDir().mkpath(folder);
        return folder;
    }
};

using PngTexts = std::map<std::string, std::string>;

PngTexts textsOf(const Bytes& png) {
    PngTexts texts;
    for (const auto& entry : image::readMetadata(png).entries) texts[entry.key] = entry.value;
    return texts;
}

bool allSame(const std::vector<image::Image>& a, const std::vector<image::Image>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), test::same);
}

}  // namespace

class TestGeneratorPage : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    models::Manifest m_style, m_large, m_diffusion, m_signature;

private Q_SLOTS:
    void initTestCase() {
        const fs::path folder = ui::toPath(m_folder.path());
        m_style = styleGenerator(folder, 16);
        m_large = styleGenerator(folder, 128);
        m_diffusion = diffusionGenerator(folder);
        m_signature = smallSignature(folder);
    }

    void withoutGeneratorsItSaysWhatToDo() {
        GeneratorsFixture f;
        QTRY_VERIFY(f.find<QLabel>("generatorsEmptyTitle")->isVisible());
        const QString text = f.textOf("generatorsEmptyText");
        for (const char* way : {"adm-cats", "stylegan2-cats", "ldm-cats", "signet model import"})
            QVERIFY2(text.contains(QLatin1String(way)), way);
        for (const char* name :
             {"generatorDrawAction", "generatorWayAction", "generatorSecureAction", "generatorSaveAction"})
            QVERIFY2(!f.action(name).isEnabled(), name);
        f.find<QPushButton>("generatorsEmptygeneratorTrainButton")->click();
        QCOMPARE(f.window->shownPage(), QStringLiteral("training"));
    }

    void generatorsAndInstancesAreListed() {
        models::Manifest instance = m_style;
        instance.name = "issued";
        instance.of = models::InstanceFields{"cats", "", "Studio Nörd", "2026-05-01T00:00:00.000Z"};
        GeneratorsFixture f({m_style, securedWith(m_style, m_signature), instance, m_signature});
        const QAbstractItemModel& list = *f.page().list()->model();
        QCOMPARE(list.rowCount(), 3);  // what draws nothing is not among them
        using Table = ui::GeneratorListModel;
        const auto cell = [&](int row, int column) { return list.index(row, column).data().toString(); };
        QCOMPARE(cell(0, Table::NameColumn), QStringLiteral("style16"));
        QCOMPARE(cell(0, Table::SideColumn), QStringLiteral("16"));
        QCOMPARE(cell(0, Table::CarriesColumn), QString());
        QCOMPARE(cell(1, Table::CarriesColumn), QStringLiteral("secured: small-signature"));
        QCOMPARE(cell(2, Table::CarriesColumn), QStringLiteral("issued to Studio Nörd"));
        QVERIFY(f.find<QTextBrowser>("generatorCard")->toPlainText().contains(QStringLiteral("style16")));
        const QAbstractItemModel& facts = *f.find<ui::CopyTableView>("generatorFacts")->model();
        QStringList values;
        for (int row = 0; row < facts.rowCount(); ++row) values << facts.index(row, 2).data().toString();
        QVERIFY(values.contains(ui::toText(m_style.weightsSha256)));
        QVERIFY(f.action("generatorSecureAction").isEnabled());
        f.choose(2);
        QVERIFY(!f.action("generatorSecureAction").isEnabled());  // only generators are
    }

    void whatCannotBeDrawnWithIsSaid() {
        models::Manifest strange = m_style, gone = m_diffusion;
        strange.arch = "of a later version";
        gone.folder = "/nowhere";
        GeneratorsFixture f({strange, gone});
        QVERIFY2(f.notice().startsWith(QStringLiteral("Nothing can be drawn with this generator.")),
                 qPrintable(f.notice()));
        QVERIFY(!f.action("generatorDrawAction").isEnabled());
        f.choose(1);  // its manifest says how it is drawn with, whatever became of its weights
        QVERIFY(!f.find<QWidget>("generatorsNotice")->isVisible());
        QVERIFY(f.find<QWidget>("drawSteps")->isVisible());
        f.begin(1, 1);
        f.waitUntilDrawn();
        QVERIFY2(f.notice().startsWith(QStringLiteral("Nothing was drawn.")), qPrintable(f.notice()));
    }

    /// The same pictures each time, and those that the core draws.
    void aSeedGivesTheSamePictures() {
        GeneratorsFixture f({m_style});
        f.begin(5, 3);
        f.waitUntilDrawn();
        const auto first = f.pictures();
        QCOMPARE(first.size(), std::size_t{3});
        std::vector<image::Image> expected;
        generators::GeneratorModel model(m_style, "auto", ui::computingThreads());
        model.sample({.seed = 5, .count = 3}, {},
                     [&](std::uint64_t, image::Image picture) { expected.push_back(std::move(picture)); });
        QVERIFY(allSame(first, expected));
        f.begin(5, 3);
        f.waitUntilDrawn();
        QVERIFY(allSame(f.pictures(), first));
        f.action("generatorNextAction").trigger();
        QCOMPARE(f.find<QSpinBox>("drawSeed")->value(), 6);
        f.waitUntilDrawn();
        QVERIFY(!allSame(f.pictures(), first));
        QCOMPARE(f.drawn().pictures().front().fileName(), std::string("6-000000.png"));
        f.find<QSlider>("drawTruncation")->setValue(0);  // all of the mean style
        f.begin(5, 3);
        f.waitUntilDrawn();
        QVERIFY(!allSame(f.pictures(), first));
    }

    void onlySettingsWithAnEffectAreShown() {
        GeneratorsFixture f({m_style, m_diffusion});
        const auto isShown = [&](const char* name) { return f.find<QWidget>(name)->isVisible(); };
        QVERIFY(isShown("drawSeed") && isShown("drawCount") && isShown("drawTruncation"));
        for (const char* name : {"drawSteps", "drawEta", "drawClass", "drawGuidance", "drawOwn"})
            QVERIFY2(!isShown(name), name);
        f.choose(1);
        QVERIFY(isShown("drawSteps") && isShown("drawEta"));
        QVERIFY(!isShown("drawTruncation") && !isShown("drawClass"));
        auto* steps = f.find<QSpinBox>("drawSteps");
        QCOMPARE(steps->text(), QStringLiteral("as the model says"));
        QCOMPARE(steps->maximum(), 40);
        ui::DrawSettingsPanel& settings = *f.page().settings();
        QVERIFY(!settings.request().settings.eta);
        steps->setValue(7);
        QCOMPARE(settings.request().settings.steps, 7);
        settings.setControls(generators::DrawControls{.classes = 10});
        QVERIFY(isShown("drawClass") && isShown("drawGuidance") && !isShown("drawSteps"));
        QVERIFY(!settings.request().settings.label);
        QVERIFY(!f.find<QWidget>("drawGuidance")->isEnabled());  // without a class it has none
        f.find<QSpinBox>("drawClass")->setValue(9);
        QCOMPARE(settings.request().settings.label, std::optional(9));
        QCOMPARE(settings.request().settings.steps, 0);
        QVERIFY(f.find<QWidget>("drawGuidance")->isEnabled());
    }

    void drawingIsStopped() {
        GeneratorsFixture f({m_diffusion});
        f.find<QSpinBox>("drawSteps")->setValue(40);
        f.begin(1, 64);
        QVERIFY(f.action("generatorStopAction").isEnabled());
        f.action("generatorStopAction").trigger();
        QVERIFY(!f.service().isDrawing());
        QVERIFY(!f.action("generatorStopAction").isEnabled());
        QVERIFY(f.drawn().rowCount() < 64);
        // a newer order takes the place of an older one
        f.begin(1, 64);
        f.begin(2, 1);
        f.waitUntilDrawn();
        QCOMPARE(f.drawn().rowCount(), 1);
        QCOMPARE(f.drawn().pictures().front().request.seed, std::uint64_t{2});
    }

    void aStopEndsAPicture() {
        generators::GeneratorModel model(m_diffusion, "auto", ui::computingThreads());
        std::stop_source stop;
        std::uint64_t last = 0;
        const auto drawn = model.sample(
            {.count = 1, .settings = {.steps = 40}}, {stop.get_token(), {}},
            [](std::uint64_t, const image::Image&) {},
            [&](std::uint64_t done, std::uint64_t, const std::string&) {
                last = done;
                if (done == 3) stop.request_stop();
            });
        QCOMPARE(drawn, std::uint64_t{0});
        QCOMPARE(last, std::uint64_t{3});
    }

    void stepsOfAPictureAreShown() {
        std::vector<ui::DrawStep> steps;
        GeneratorsFixture f({m_diffusion});
        f.find<QSpinBox>("drawSteps")->setValue(40);
        connect(&f.service(), &ui::GeneratorService::stepped, &f.service(),
                [&](const ui::DrawStep& step) { steps.push_back(step); });
        f.begin(1, 4);
        f.waitUntilDrawn();
        QVERIFY(!steps.empty());
        for (const ui::DrawStep& step : steps) {
            QCOMPARE(step.total, std::uint64_t{40});
            QVERIFY(step.done < 40);
        }
        f.begin(1, 64);
        Q_EMIT f.service().stepped({3, 40});
        const auto* progress = f.find<ui::ElidedLabel>("generatorProgress");
        QCOMPARE(progress->fullText(), QStringLiteral("0 of 64 drawn, step 3 of 40"));
        f.action("generatorStopAction").trigger();
        QCOMPARE(ui::drawingText(4, 0, 16, {}), QStringLiteral("4 of 16 drawn"));
        QCOMPARE(ui::drawingText(16, 3, 16, {3, 40}), QStringLiteral("16 drawn, 3 read"));
    }

    /// The two that are chosen are its ends; what is drawn is what the core draws, in its order.
    void theWayBetweenTwoPictures() {
        GeneratorsFixture f({m_style});
        f.begin(5, 4);
        f.waitUntilDrawn();
        const auto choose = [&](int row) {
            f.find<QListView>("generatorGrid")
                ->selectionModel()
                ->select(f.drawn().index(row), QItemSelectionModel::Select);
        };
        f.find<QSpinBox>("drawSeed")->setValue(6);  // the chosen ones are of seed 5
        choose(3);
        choose(1);
        QCOMPARE(f.find<QSpinBox>("drawFrom")->value(), 1);
        QCOMPARE(f.find<QSpinBox>("drawTo")->value(), 3);
        f.find<QSpinBox>("drawCount")->setValue(6);
        f.action("generatorWayAction").trigger();
        QVERIFY(f.service().isDrawing());
        f.waitUntilDrawn();
        std::vector<image::Image> expected;
        generators::GeneratorModel model(m_style, "auto", ui::computingThreads());
        model.sample({.seed = 5, .first = 1, .count = 6, .batch = 4, .to = 3}, {},
                     [&](std::uint64_t, image::Image picture) { expected.push_back(std::move(picture)); });
        QVERIFY(allSame(f.pictures(), expected));
        QVERIFY(!test::same(expected.front(), expected.back()));
        const auto drawn = f.drawn().pictures();
        QCOMPARE(drawn.front().fileName(), std::string("5-000001-to-000003-000000.png"));
        QCOMPARE(drawn.back().fileName(), std::string("5-000001-to-000003-000005.png"));
        choose(0);
        choose(5);  // places on a way are no numbers of the seed
        QCOMPARE(f.find<QSpinBox>("drawTo")->value(), 3);
    }

    void theWayBetweenTwoNumbers() {
        GeneratorsFixture f({m_style});
        f.find<QSpinBox>("drawSeed")->setValue(9);
        f.find<QSpinBox>("drawFrom")->setValue(20);
        f.find<QSpinBox>("drawTo")->setValue(4);
        f.find<QSpinBox>("drawCount")->setValue(1);
        const generators::SampleRequest way = f.page().settings()->wayRequest();
        QCOMPARE(way.seed, std::uint64_t{9});
        QCOMPARE(way.first, std::uint64_t{20});
        QCOMPARE(way.to, std::optional<std::uint64_t>(4));
        QCOMPARE(way.count, std::uint64_t{2});  // its ends
        const generators::SampleRequest plain = f.page().settings()->request();
        QCOMPARE(plain.first, std::uint64_t{0});
        QVERIFY(!plain.to);
    }

    void anotherModelForgetsThePictures() {
        GeneratorsFixture f({m_style, m_diffusion});
        f.begin(1, 2);
        f.waitUntilDrawn();
        QCOMPARE(f.drawn().rowCount(), 2);
        f.choose(1);
        QCOMPARE(f.drawn().rowCount(), 0);
        QVERIFY(!f.action("generatorSaveAction").isEnabled());
    }

    void theDetectorOfItsSignatureReads() {
        GeneratorsFixture f({securedWith(m_style, m_signature), m_signature});
        QVERIFY(f.find<QCheckBox>("drawOwn")->isVisible() && f.find<QCheckBox>("drawOwn")->isEnabled());
        f.begin(1, 4);
        f.waitUntilDrawn();
        QVERIFY2(f.notice().isEmpty(), qPrintable(f.notice()));
        QCOMPARE(f.drawn().ownCount(), 4);
        auto detector = examine::loadUncalibrated(
            m_signature, {.device = "auto", .threads = 0, .workspace = {}, .keys = {}});
        int found = 0;
        for (const image::Image& picture : f.pictures())
            found += detector.detector().detect(picture).scoreLogit >= 0;
        QCOMPARE(f.drawn().foundCount(), found);
        const QString said = f.textOf("generatorFound");
        QVERIFY2(said.startsWith(QStringLiteral("The detector that comes with its signature")),
                 qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("in %1 of 4 pictures").arg(found)), qPrintable(said));
        const QString all = f.captions();
        QVERIFY(all.contains(found > 0 ? QStringLiteral("signature found") : QStringLiteral("not found")));
        for (const char* word : {"fake", "authentic", "genuine"})
            QVERIFY2(!all.contains(QLatin1String(word), Qt::CaseInsensitive), word);
    }

    void aSignatureThatIsNotInstalledIsSaid() {
        models::Manifest other = m_signature;
        other.weightsSha256 = std::string(64, 'b');
        for (const bool isThere : {false, true}) {
            std::vector<models::Manifest> added{securedWith(m_style, m_signature)};
            if (isThere) added.push_back(other);
            GeneratorsFixture f(added);
            QVERIFY(!f.find<QCheckBox>("drawOwn")->isEnabled());
            const QString note = f.textOf("drawReadersNote");
            QVERIFY2(note.contains(isThere ? QStringLiteral("has other weights")
                                           : QStringLiteral("not installed here")),
                     qPrintable(note));
            f.begin(1, 1);
            f.waitUntilDrawn();
            QCOMPARE(f.drawn().ownCount(), 0);
            QCOMPARE(f.textOf("generatorFound"), QString());
        }
    }

    void theModelsThatExamineReadLargePictures() {
        GeneratorsFixture f({m_large, m_style});
        QVERIFY(f.find<QCheckBox>("drawExamine")->isEnabled());
        f.begin(1, 2);
        f.waitUntilDrawn();
        QCOMPARE(f.drawn().readCount(), 2);
        QVERIFY2(f.captions().contains(QStringLiteral("fake-")), qPrintable(f.captions()));
        f.find<QListView>("generatorGrid")->setCurrentIndex(f.drawn().index(1));
        QCOMPARE(f.textOf("generatorAbout"), f.drawn().about(1));
        QVERIFY(f.drawn().about(1).contains(QStringLiteral("threshold")));
        f.choose(1);  // small ones
        QVERIFY(!f.find<QCheckBox>("drawExamine")->isEnabled());
        QVERIFY(f.textOf("drawReadersNote").contains(QStringLiteral("less than 96 px")));
        f.begin(1, 2);
        f.waitUntilDrawn();
        QVERIFY(!f.captions().contains(QStringLiteral("fake-")));
    }

    void savingReplacesNothing() {
        GeneratorsFixture f({m_style});
        f.begin(7, 2);
        f.waitUntilDrawn();
        const QString folder = f.folderNamed("out");
        const auto save = [&] {
            ui::FileDialogs::setNextFileNames({folder});
            f.action("generatorSaveAction").trigger();
            QTRY_VERIFY(!f.service().isSaving());
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
        QTRY_VERIFY(!f.service().isSaving());
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

    void securingIsSetUp() {
        GeneratorsFixture f({m_style});
        f.action("generatorSecureAction").trigger();
        QCOMPARE(f.window->shownPage(), QStringLiteral("training"));
        QVERIFY(f.find<QWidget>("newRunPanel")->isVisible());
        QCOMPARE(f.find<QComboBox>("newRunPreset")->currentText(), QStringLiteral("secure"));
        QCOMPARE(f.find<QLineEdit>("option.generator")->text(), ui::fromPath(m_style.folder));
        QCOMPARE(f.find<QLineEdit>("option.distanceImages")->text(), QStringLiteral("500"));
    }

    void longNamesLeaveThePageAsItIs() {
        models::Manifest named = securedWith(m_style, m_signature);
        named.name = named.title = std::string(300, 'n');
        std::get<models::GeneratorFields>(named.of).signature = std::string(300, 's');
        GeneratorsFixture f({named});
        f.window->resize(900, 600);
        QCoreApplication::processEvents();
        f.begin(1, 2);
        f.waitUntilDrawn();
        QVERIFY(f.window->minimumSizeHint().width() <= 900);
        const auto* view = f.find<QScrollArea>("pageView");
        QCOMPARE(view->horizontalScrollBar()->maximum(), 0);
        QCOMPARE(view->verticalScrollBar()->maximum(), 0);
        const auto* scroll = f.find<QScrollArea>("drawSettingsScroll");
        QVERIFY(scroll->widget()->minimumSizeHint().width() <= scroll->viewport()->width());
        QVERIFY(f.page().list()->model()->index(0, 0).data().toString().size() == 300);
    }

    void choiceAndSeedAreRemembered() {
        GeneratorsFixture f({m_style, m_diffusion});
        f.choose(1);
        f.find<QSpinBox>("drawSeed")->setValue(77);
        f.window->close();
        ui::ThemeController theme;
        ui::MainWindow again(*f.services, theme, f.path(QStringLiteral("settings.ini")));
        again.show();
        again.showPage(QStringLiteral("generators"));
        f.services->refreshCatalogue();
        auto& page = *again.page<ui::GeneratorPage>();
        QTRY_COMPARE(page.list()->currentIndex().row(), 1);
        QCOMPARE(page.findChild<QSpinBox*>(QStringLiteral("drawSeed"))->value(), 77);
    }

    void wordsUnderAPicture() {
        ui::DrawnPicture picture;
        picture.request.seed = 7;
        picture.number = 3;
        picture.image = ui::wrapImage(test::flat(16, 16, 1, 2, 3));
        QCOMPARE(ui::captionOf(picture, std::nullopt, {}), QStringLiteral("7-000003"));
        ui::DrawnReading reading;
        examine::Finding& own = reading.own.emplace();
        own.model = "sig";
        own.presence = examine::Presence::Present;
        own.scoreLogit = 3.2;
        own.code.emplace();
        own.code->bits = 4;
        own.code->hex = "b";
        own.code->bitLogits = {1, -1, 1, 1};
        QCOMPARE(ui::captionOf(picture, reading, "3"),
                 QStringLiteral("7-000003\nsignature found, +3.20, 3 of 4 bits"));
        QCOMPARE(ui::captionOf(picture, reading, "no code"),
                 QStringLiteral("7-000003\nsignature found, +3.20"));
        QVERIFY(ui::aboutDrawn(picture, reading, "3").contains(QStringLiteral("16 × 16 px")));
        QCOMPARE(ui::foundText("sig", 3, 4),
                 QStringLiteral("The detector that comes with its signature, sig, found it in 3 of 4 "
                                "pictures: 75 %, 95 % interval 19 % to 99 %."));
    }
};

SIGNET_TEST(TestGeneratorPage)
#include "test_generator_page.moc"
