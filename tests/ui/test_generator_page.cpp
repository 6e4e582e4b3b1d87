// The Generators page over small real generators: what it lists, which settings it shows, drawing again what
// a seed gives and the way between two pictures, progress and stopping within a picture, what reads the
// pictures, and the run that secures a generator.
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
#include <stop_token>

#include "core/examine/loaded_models.h"
#include "generators_fixture.h"
#include "tests/support/pictures.h"
#include "tests/support/test_program.h"
#include "ui/generators/draw_settings_panel.h"
#include "ui/generators/generator_text.h"
#include "ui/itemmodels/generator_list_model.h"
#include "ui/style/elided_label.h"

using namespace signet;
using test::GeneratorsFixture;
using test::modelOfRun;
using test::styleGenerator;
namespace fs = std::filesystem;

namespace {

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
