// The Training page in the real window, with real runs of the smallest networks: set-up and its checks, names
// and notes, pause, endings, a queue that outlives the program, a run whose process died.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include "core/models/manifest.h"
#include "tests/support/test_program.h"
#include "training_fixture.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/training/new_run_panel.h"
#include "ui/training/option_form.h"
#include "ui/training/training_page.h"

using namespace signet;
using test::kTrainedWithinMs;
using test::TrainingFixture;
using training::RunState;
namespace fs = std::filesystem;

class TestTrainingPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void setUpIsCheckedInPlace();
    void pauseResumeAndStop();
    void discardAsksFirst();
    void theQueueOutlivesTheProgram();
    void aRunWhoseProcessDied();
    void closingTheWindowKeepsACheckpoint();
    void examinesWhileItTrains();
    void startIsCheckedInTheForm();
    void namesAndNotes();
    void modelsOfTheWorkspaceAreFoundThere();
};

void TestTrainingPage::setUpIsCheckedInPlace() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.find<QAction>("newRunAction")->trigger();
    auto* panel = fixture.window->page<ui::TrainingPage>()->newRun();
    QVERIFY(panel->isVisible());
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QVERIFY(!start->isEnabled());
    auto* data = fixture.find<QLineEdit>("newRunData");
    data->setText(fixture.path(QStringLiteral("nowhere")));
    QTRY_VERIFY(fixture.find<QLabel>("newRunDataNote")->text().contains(QStringLiteral("not a folder")));
    ui::FileDialogs::setNextFileNames({fixture.photos()});
    fixture.find<QToolButton>("newRunChooseData")->click();
    QTRY_VERIFY(fixture.find<QLabel>("newRunDataNote")->text().contains(QStringLiteral("to train on")));
    QTRY_VERIFY(!fixture.find<QLabel>("newRunPhoto0")->pixmap().isNull());
    QVERIFY(start->isEnabled());

    auto* batch = fixture.find<QLineEdit>("option.batch");
    auto* trouble = fixture.find<ui::ElidedLabel>("optionProblem.batch");
    const std::pair<const char*, const char*> wrong[] = {{"1", "2..4096"},
                                                         {"4097", "2..4096"},
                                                         {"many", "whole number"},
                                                         {"", "whole number"},
                                                         {"2.5", "whole number"}};
    for (const auto& [typed, said] : wrong) {
        batch->clear();
        QTest::keyClicks(batch, QLatin1String(typed));
        if (!*typed) Q_EMIT batch->textEdited({});
        QVERIFY2(trouble->isVisibleTo(panel) && trouble->fullText().contains(QLatin1String(said)),
                 qPrintable(trouble->fullText()));
        QVERIFY(!start->isEnabled());
    }
    batch->clear();
    QTest::keyClicks(batch, QStringLiteral("6"));
    QVERIFY(trouble->isHidden());
    QVERIFY(start->isEnabled());
    QCOMPARE(panel->form()->values()["batch"].get<int>(), 6);

    // what is wrong stands in the place of the range: no field moves
    const auto places = [&] {
        QList<QPoint> all;
        for (const QLineEdit* line : panel->findChildren<QLineEdit*>()) {
            if (line->isVisible()) all << line->mapTo(panel, QPoint());
        }
        return all << start->mapTo(panel, QPoint());
    };
    const QList<QPoint> before = places();
    batch->clear();
    QTest::keyClicks(batch, QStringLiteral("4097"));
    QCoreApplication::processEvents();
    QVERIFY(trouble->isVisibleTo(panel));
    QCOMPARE(places(), before);
    batch->clear();
    QTest::keyClicks(batch, QStringLiteral("6"));

    auto* side = fixture.find<QLineEdit>("option.network.workSide");
    side->clear();
    QTest::keyClicks(side,
                     QStringLiteral("100"));  // in its range, but no multiple of 32: only the whole says so
    QTRY_VERIFY(fixture.find<ui::ElidedLabel>("newRunProblem")
                    ->fullText()
                    .contains(QStringLiteral("multiple of 32")));
    // what the objective does not have is not shown
    const auto shown = [&](const char* key) { return fixture.find<QLineEdit>(key)->isVisibleTo(panel); };
    QVERIFY(shown("option.startLevel") && shown("option.openAccuracy"));
    QVERIFY(!shown("option.startDb") && !shown("option.lambda"));
    auto* preset = fixture.find<QComboBox>("newRunPreset");
    preset->setCurrentIndex(preset->findText(QStringLiteral("code32")));
    QVERIFY(shown("option.startDb") && shown("option.openAccuracy"));
    QVERIFY(!shown("option.startLevel") && !shown("option.lambda"));
}

void TestTrainingPage::pauseResumeAndStop() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    service.create(fixture.smallest(100'000));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > 3, kTrainedWithinMs);
    auto* pause = fixture.find<QAction>("pauseRunAction");
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Pause"));
    pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("paused"), kTrainedWithinMs);
    QTRY_VERIFY(fixture.onlyRun().record.step > 0);
    const auto held = fixture.onlyRun().record.step;
    QTRY_COMPARE(pause->text(), QStringLiteral("&Resume"));
    pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > held, kTrainedWithinMs);
    fixture.find<QAction>("stopRunAction")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("stopped"), kTrainedWithinMs);
    const auto stopped = fixture.onlyRun().record.step;
    QVERIFY(stopped > held);
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Resume"));
    pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > stopped, kTrainedWithinMs);
    QTRY_VERIFY(fixture.find<QAction>("finishRunAction")->isEnabled());
    fixture.find<QAction>("finishRunAction")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("finished"), kTrainedWithinMs);
    QVERIFY(fs::exists(fixture.onlyRun().folder / "model/manifest.json"));
}

void TestTrainingPage::discardAsksFirst() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    service.create(fixture.smallest(100'000));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > 2, kTrainedWithinMs);
    const fs::path folder = fixture.onlyRun().folder;
    QTRY_VERIFY(fixture.find<QAction>("discardRunAction")->isEnabled());
    fixture.find<QAction>("discardRunAction")->trigger();
    QVERIFY(fixture.window->page<ui::TrainingPage>()->notice()->text().contains(
        QStringLiteral("cannot be undone")));
    QVERIFY(fs::exists(folder));
    fixture.find<QAction>("discardForGoodAction")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(service.runs().empty() && service.isIdle(), kTrainedWithinMs);
    QVERIFY(!fs::exists(folder));
}

void TestTrainingPage::theQueueOutlivesTheProgram() {
    TrainingFixture fixture;
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path first = training::createRun(tasks::all(), runs, fixture.smallest(3));
    const fs::path second = training::createRun(tasks::all(), runs, fixture.smallest(3));
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    QTRY_COMPARE(service.waitingOfEarlierSessions(), 2);
    QTRY_VERIFY(fixture.window->page<ui::TrainingPage>()->notice()->text().contains(
        QStringLiteral("2 runs waiting")));
    QVERIFY(service.isIdle());  // nothing heavy starts unasked
    fixture.find<QAction>("startWaitingAction")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(service.isIdle() && training::readRunRecord(second).state == RunState::Finished,
                             kTrainedWithinMs);
    const auto one = training::readRunRecord(first);
    QVERIFY(one.state == RunState::Finished);
    QVERIFY(one.sessions.front().endedUtc <= training::readRunRecord(second).sessions.front().startedUtc);
}

void TestTrainingPage::aRunWhoseProcessDied() {
    TrainingFixture fixture;
    const fs::path folder = fixture.services->workspace() / "runs/dead";
    training::runTraining(tasks::all(), {folder, fixture.smallest(12), false, 5}, {});
    auto record = training::readRunRecord(folder);
    record.state = RunState::Running;  // as kill -9 leaves it: it says running, and nobody holds its lock
    record.sessions.back().endedUtc.clear();
    training::writeRunRecord(folder, record);
    fixture.window->showPage(QStringLiteral("training"));
    QTRY_COMPARE(fixture.state(), QStringLiteral("interrupted"));
    auto* pause = fixture.find<QAction>("pauseRunAction");
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Resume"));
    pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("finished"), kTrainedWithinMs);
    QCOMPARE(fixture.onlyRun().record.step, std::uint64_t(12));
}

void TestTrainingPage::closingTheWindowKeepsACheckpoint() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.services->training().create(fixture.smallest(100'000));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > 2, kTrainedWithinMs);
    const fs::path folder = fixture.onlyRun().folder;
    QVERIFY(!fixture.window->close());  // not yet: the checkpoint comes first
    QVERIFY(fixture.window->page<ui::TrainingPage>()->notice()->text().contains(
        QStringLiteral("Finishing the checkpoint")));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.window->isVisible(), kTrainedWithinMs);
    const auto record = training::readRunRecord(folder);
    QVERIFY(record.state == RunState::Stopped && record.step > 2);
}

void TestTrainingPage::examinesWhileItTrains() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.services->training().create(fixture.smallest(100'000));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > 2, kTrainedWithinMs);
    auto& examine = fixture.services->examine();
    int finished = 0;
    connect(&examine, &ui::ExamineService::finished, this, [&] { ++finished; });
    for (int i = 0; i < 5; ++i) examine.enqueue(ui::toPath(fixture.photos()) / (std::to_string(i) + ".png"));
    const auto before = fixture.onlyRun().step();
    QTRY_COMPARE_WITH_TIMEOUT(finished, 5, kTrainedWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.onlyRun().step() > before, kTrainedWithinMs);
    fixture.services->training().finishAll();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.services->training().isIdle(), kTrainedWithinMs);
}

void TestTrainingPage::startIsCheckedInTheForm() {
    TrainingFixture fixture;
    const fs::path first = fixture.services->workspace() / "runs/first";
    training::runTraining(tasks::all(), {first, fixture.smallest(3), false, 0}, {});
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    page->newRun()->setOptions(fixture.smallest(3));
    auto* button = fixture.find<QPushButton>("newRunStartButton");
    QTRY_VERIFY(button->isEnabled());
    auto* start = fixture.find<QLineEdit>("option.start");
    const auto type = [&](const QString& text) {
        start->clear();
        QTest::keyClicks(start, text);
    };
    const auto said = [&] { return fixture.find<ui::ElidedLabel>("newRunProblem")->fullText(); };
    type(fixture.path(QStringLiteral("nowhere")));
    QTRY_VERIFY2(said().contains(QStringLiteral("neither a model folder")), qPrintable(said()));
    QVERIFY(!button->isEnabled());
    type(QString::fromStdString(first.string()));
    QVERIFY(!button->isEnabled());  // not before it was looked at
    QTRY_VERIFY2(button->isEnabled(), qPrintable(said()));
    // another network: the weights do not fit
    auto* widths = fixture.find<QLineEdit>("option.network.detectorWidths");
    widths->clear();
    QTest::keyClicks(widths, QStringLiteral("8,8,16"));
    QTRY_VERIFY2(said().contains(QStringLiteral("of another network")), qPrintable(said()));
    QVERIFY(!button->isEnabled());
    widths->clear();
    QTest::keyClicks(widths, QStringLiteral("8,8,8"));
    QTRY_VERIFY(button->isEnabled());
    fixture.find<QLineEdit>("newRunName")->setText(QStringLiteral("From the first"));
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.services->training().runs().size() == 2 && fixture.services->training().isIdle(),
        kTrainedWithinMs);
    QTRY_VERIFY(fixture.find<QPlainTextEdit>("runLog")->toPlainText().contains(
        QStringLiteral("starts from the weights of")));
    QCOMPARE(page->model()->index(0, 0).data().toString(), QStringLiteral("From the first"));
}

void TestTrainingPage::namesAndNotes() {
    TrainingFixture fixture;
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path folder = training::createRun(tasks::all(), runs, fixture.smallest(3), {"One", "why"});
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    QTRY_COMPARE(page->model()->rowCount(), 1);
    QCOMPARE(page->model()->index(0, 0).data().toString(), QStringLiteral("One"));
    page->showTab(ui::TrainingPage::NotesTab);
    auto* name = fixture.find<QLineEdit>("runName");
    auto* note = fixture.find<QPlainTextEdit>("runNote");
    QTRY_COMPARE(name->text(), QStringLiteral("One"));
    QCOMPARE(note->toPlainText(), QStringLiteral("why"));
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("Two"));
    note->setPlainText(QStringLiteral("because\nof it"));
    QTRY_COMPARE(page->model()->index(0, 0).data().toString(), QStringLiteral("Two"));
    QTRY_COMPARE(training::readRunNotes(folder), (training::RunNotes{"Two", "because\nof it"}));
    QCOMPARE(name->text(), QStringLiteral("Two"));
    QVERIFY(fixture.find<QLabel>("runTitle")->text().startsWith(QStringLiteral("Two")));
    QVERIFY(training::readRunRecord(folder).state == RunState::Queued);  // run.json is as it was
}

/// Of two that are named one is found there: the run fails for want of the other.
void TestTrainingPage::modelsOfTheWorkspaceAreFoundThere() {
    QString why;
    TrainingFixture fixture;
    models::Manifest own;
    own.folder = fixture.services->workspace() / "models" / "own-1";
    own.name = own.title = "own";
    own.arch = "stylegan2";
    own.of = models::GeneratorFields{8};
    own.setWeights({models::WeightFile{{"generator"}, "weights.safetensors", "00"}});
    fs::create_directories(own.folder);
    models::saveManifest(own);
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    page->newRun()->setPreset(QStringLiteral("secure"), {{"generator", "own"}, {"signature", "elsewhere"}});
    page->newRun()->setDataFolder(fixture.photos());
    auto& service = fixture.services->training();
    connect(&service, &ui::TrainingService::failed, this, [&](const QString& problem) { why = problem; });
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QTRY_VERIFY(start->isEnabled());
    start->click();
    QTRY_VERIFY_WITH_TIMEOUT(!why.isEmpty() && service.isIdle(), kTrainedWithinMs);
    QVERIFY2(why.contains(QStringLiteral("no model \"elsewhere\"")), qPrintable(why));
    QVERIFY2(why.contains(QStringLiteral(" own")), qPrintable(why));  // among those there are
}

SIGNET_TEST(TestTrainingPage)
#include "test_training_page.moc"
