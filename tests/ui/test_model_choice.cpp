// Which models examine: chosen on the Inspect page and in cases alike, visible, and remembered.
#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <algorithm>

#include "core/cases/case_store.h"
#include "queue_fixture.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"

using namespace signet;
using test::modelOf;
using test::waitForAll;
using test::WindowFixture;
using test::writePicture;
using ui::ItemState;

class TestModelChoice : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modelsAreChosen();
    void choiceIsRemembered();
    void whatExaminesIsOffered_data();
    void whatExaminesIsOffered();
    void aSupersededModelIsChosenByName();
};

void TestModelChoice::modelsAreChosen() {
    WindowFixture fixture;
    fixture.control->unvalidatedModel = true;
    fixture.services->refreshCatalogue();
    QTRY_VERIFY(fixture.services->model("fake-own"));
    auto* button = fixture.find<QToolButton>("queueModels");
    auto* ofCases = fixture.find<QToolButton>("caseModels");
    QCOMPARE(button->text(), QStringLiteral("2 models"));
    const auto toggle = [&](const char* model) {
        const QString name = QStringLiteral("chooseModel-") + QLatin1String(model);
        button->menu()->findChild<QAction*>(name)->trigger();
    };
    QVERIFY(button->menu()
                ->findChild<QAction*>(QStringLiteral("chooseModel-fake-own"))
                ->text()
                .contains(QStringLiteral("not validated")));
    toggle("fake-own");
    QTRY_COMPARE(button->text(), QStringLiteral("3 models, 1 not validated"));
    QCOMPARE(ofCases->text(), button->text());
    // the amber mark: its colour is on the button
    QVERIFY(button->property("unvalidated").toBool());
    QCOMPARE(button->palette().color(QPalette::ButtonText), ui::meaningColours().inconclusive);
    toggle("fake-code32");
    QTRY_COMPARE(button->text(), QStringLiteral("2 models, 1 not validated"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QVERIFY(waitForAll(fixture, 1));
    const auto record = modelOf(fixture)->row(0).record;
    QCOMPARE(record->findings.size(), std::size_t(2));
    QCOMPARE(record->findings[0].model, std::string("fake-presence"));
    QCOMPARE(record->findings[1].model, std::string("fake-own"));
    QTRY_VERIFY(fixture.find<QWidget>("findingCard_fake-own"));
    QCOMPARE(fixture.find<QWidget>("findingCard_fake-own")
                 ->findChild<QLabel*>(QStringLiteral("validationBadge"))
                 ->text(),
             QStringLiteral("not validated"));
    // exhibits of a case are examined with the same
    fixture.services->cases().setExaminer("A. Turing");
    cases::CaseInfo info;
    info.title = "May";
    fixture.services->cases().create(ui::toPath(fixture.path(QStringLiteral("one.case"))).string(), info);
    QTRY_VERIFY(!fixture.window->page<ui::CasePage>()->caseTitle().isEmpty());
    fixture.services->cases().takeIn(
        {.files = {ui::toPath(fixture.path(QStringLiteral("p.png")))}, .leftOut = {}, .capped = false}, {});
    QTRY_COMPARE(fixture.window->page<ui::CasePage>()->view()->model()->rowCount(), 1);
    fixture.services->cases().examine();
    QTRY_VERIFY(fixture.services->cases().isIdle());
    cases::CaseStore store(ui::toPath(fixture.path(QStringLiteral("one.case"))).string(), {});
    const auto models = store.results().examinations(1).back().params.at("models");
    QCOMPARE(models.dump(), std::string("[\"fake-presence\",\"fake-own\"]"));
    // one at least stays
    toggle("fake-own");
    QTRY_COMPARE(button->text(), QStringLiteral("1 model"));
    toggle("fake-presence");
    QTRY_VERIFY(
        button->menu()->findChild<QAction*>(QStringLiteral("chooseModel-fake-presence"))->isChecked());
    QCOMPARE(button->text(), QStringLiteral("1 model"));
    fixture.find<QAction>("chooseDefaultModels")->trigger();
    QTRY_COMPARE(button->text(), QStringLiteral("2 models"));
    QVERIFY(fixture.services->modelChoice().names().empty());
}

void TestModelChoice::choiceIsRemembered() {
    WindowFixture fixture;
    fixture.control->unvalidatedModel = true;
    fixture.services->refreshCatalogue();
    QTRY_VERIFY(fixture.services->model("fake-own"));
    fixture.services->modelChoice().setChosen("fake-own", true);
    fixture.window->close();
    ui::Services services(test::fakeBackend(fixture.control), fixture.services->workspace());
    ui::MainWindow second(services, fixture.theme, fixture.path(QStringLiteral("settings.ini")));
    // before the list of models is read, too: files of the command line are examined at once
    QCOMPARE(services.modelChoice().names().size(), std::size_t(3));
    fixture.control->unvalidatedModel = false;  // and one that is gone is left out
    services.refreshCatalogue();
    QTRY_VERIFY(services.catalogue());
    QCOMPARE(services.modelChoice().names(), (std::vector<std::string>{"fake-code32", "fake-presence"}));
}

void TestModelChoice::whatExaminesIsOffered_data() {
    using Of = decltype(models::Manifest::of);
    QTest::addColumn<Of>("of");
    QTest::addColumn<bool>("offered");
    QTest::newRow("signature") << Of(models::SignatureFields()) << true;
    QTest::newRow("classifier") << Of(models::ClassifierFields()) << true;
    QTest::newRow("generator") << Of(models::GeneratorFields()) << false;
    QTest::newRow("remover") << Of(models::RemoverFields()) << false;
}

/// Whether a model was just installed or an earlier choice named it.
void TestModelChoice::whatExaminesIsOffered() {
    QFETCH(decltype(models::Manifest::of), of);
    QFETCH(bool, offered);
    ui::ModelEntry usual, own;
    usual.manifest.name = "usual";
    usual.manifest.validated = true;
    own.manifest.name = "own";
    own.manifest.of = of;
    ui::ModelChoice choice;
    choice.setCatalogue(std::make_shared<const ui::Catalogue>(ui::Catalogue{{usual, own}, {}}));
    choice.setChosen("own", true);
    const auto offers = choice.offers();
    QCOMPARE(offers.size(), offered ? std::size_t(2) : std::size_t(1));
    QVERIFY(std::all_of(offers.begin(), offers.end(), [](const auto& offer) { return offer.chosen; }));
    const std::vector<std::string> both{"usual", "own"}, none;
    QVERIFY(choice.names() == (offered ? both : none));
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    settings.setValue(QStringLiteral("models/examining"), QStringList{QStringLiteral("own")});
    choice.restoreSettings(settings);
    QVERIFY(choice.names() == (offered ? std::vector<std::string>{"own"} : none));
}

void TestModelChoice::aSupersededModelIsChosenByName() {
    ui::ModelEntry usual, former;
    usual.manifest.name = "usual";
    former.manifest.name = "former";
    usual.manifest.validated = former.manifest.validated = true;
    former.manifest.supersededBy = "usual";
    ui::ModelChoice choice;
    choice.setCatalogue(std::make_shared<const ui::Catalogue>(ui::Catalogue{{former, usual}, {}}));
    const auto chosen = [&] {
        QStringList names;
        for (const auto& offer : choice.offers())
            if (offer.chosen) names << ui::toText(offer.name);
        return names;
    };
    QCOMPARE(choice.offers().size(), std::size_t(2));
    QCOMPARE(chosen(), QStringList{QStringLiteral("usual")});
    choice.setChosen("former", true);
    QCOMPARE(choice.names(), (std::vector<std::string>{"former", "usual"}));
    choice.setChosen("former", false);
    QVERIFY(choice.names().empty());  // the default ones again
    QCOMPARE(chosen(), QStringList{QStringLiteral("usual")});
}

SIGNET_TEST(TestModelChoice)
#include "test_model_choice.moc"
