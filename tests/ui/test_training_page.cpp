// The Training page in the real window, with real runs of the smallest networks: set-up and its checks,
// curves, pause, endings, checkpoints, comparison, a queue that outlives the program, a run whose process
// died.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QTableView>
#include <QToolButton>

#include "core/models/manifest.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/run_list_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/training/curve_panel.h"
#include "ui/training/curves_view.h"
#include "ui/training/new_run_panel.h"
#include "ui/training/option_form.h"
#include "ui/training/run_text.h"
#include "ui/training/sample_panel.h"
#include "ui/training/training_page.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using test::writePicture;
using training::RunState;
namespace fs = std::filesystem;

namespace {

constexpr int kTrainedWithinMs = 120'000;
constexpr int kPictures = 16;

QString picturesIn(const WindowFixture& fixture) {
    QString folder = fixture.path(QStringLiteral("photos"));
    if (QDir().mkpath(folder) && QDir(folder).isEmpty()) {
        for (int i = 0; i < kPictures; ++i)
            writePicture(folder, QStringLiteral("%1.png").arg(i), 40 + 10 * i, QSize(80, 72));
    }
    return folder;
}

Json smallest(const QString& photos, int steps) {
    return training::configure(
        tasks::all(), "presence",
        {"data=" + ui::toPath(photos).string(), "name=small", "network.workSide=32",
         "network.injectorWidths=[8,8,8]", "network.detectorWidths=[8,8,8]", "batch=2", "bf16=false",
         "logEvery=1", "checkpointEvery=5", "validateEvery=5", "validationImages=2", "validationNegatives=4",
         "sampleEvery=5", "steps=" + std::to_string(steps)});
}

ui::RunEntry onlyRun(const WindowFixture& fixture) {
    const auto& runs = fixture.services->training().runs();
    return runs.size() == 1 ? runs.front() : ui::RunEntry();
}

/// Points of the longest curve that is drawn now.
std::size_t pointsDrawn(const ui::CurvePlot* plot) {
    std::size_t most = 0;
    for (int id = 0; id < 100; ++id) most = std::max(most, plot->pointCount(id));
    return most;
}

QString stateOf(const WindowFixture& fixture) {
    return ui::runStateText(onlyRun(fixture));
}

}  // namespace

class TestTrainingPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void setUpIsCheckedInPlace();
    void aRunFromSetUpToModel();
    void pauseResumeAndStop();
    void runsAreCompared();
    void discardAsksFirst();
    void theQueueOutlivesTheProgram();
    void aRunWhoseProcessDied();
    void closingTheWindowKeepsACheckpoint();
    void examinesWhileItTrains();
    void startIsCheckedInTheForm();
    void namesAndNotes();
    void aClassifierOfTwoFolders();
    void checkpointsAreForWhatTheirModelsDo_data();
    void checkpointsAreForWhatTheirModelsDo();
    void plotsBeginWithWhatTheTaskSays();
    void samplesTellWhatValidationsCameTo();
    void modelsOfTheWorkspaceAreFoundThere();
    void curvesHaveTitles_data();
    void curvesHaveTitles();
    void durations_data();
    void durations();
};

void TestTrainingPage::setUpIsCheckedInPlace() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.find<QAction>("newRunAction")->trigger();
    auto* panel = fixture.window->page<ui::TrainingPage>()->newRun();
    QVERIFY(panel->isVisible());
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QVERIFY(!start->isEnabled());
    auto* data = fixture.find<QLineEdit>("newRunData");
    data->setText(fixture.path(QStringLiteral("nowhere")));
    QTRY_VERIFY(fixture.find<QLabel>("newRunDataNote")->text().contains(QStringLiteral("not a folder")));
    ui::FileDialogs::setNextFileNames({picturesIn(fixture)});
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

void TestTrainingPage::aRunFromSetUpToModel() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    page->newRun()->setOptions(smallest(picturesIn(fixture), 10));
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QTRY_VERIFY(start->isEnabled());
    fixture.find<QPushButton>("newRunProbeButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.find<QLabel>("newRunProbeNote")->text().contains(QStringLiteral("for the whole run")),
        kTrainedWithinMs);
    start->click();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("finished"), kTrainedWithinMs);
    const fs::path folder = onlyRun(fixture).folder;
    const auto* panel = page->curves()->panel(0);
    QTRY_VERIFY(page->curves()->curves(folder) &&
                page->curves()->curves(folder)->count(QStringLiteral("accuracy")) == 10);
    QCOMPARE(panel->metric(), QStringLiteral("accuracy"));
    QTRY_COMPARE(pointsDrawn(panel->plot()), std::size_t(10));
    QVERIFY(page->curves()->curves(folder)->metrics().contains(QStringLiteral("val_score")));
    QTRY_COMPARE(fixture.find<QSlider>("sampleSlider")->maximum(), 2);  // before the first step, 5 and 10
    const auto* log = fixture.find<QPlainTextEdit>("runLog");
    QTRY_VERIFY(log->toPlainText().contains(QStringLiteral("finished at step 10")));
    for (const char* said :
         {"samples made at step 0", "validated on ", "the best so far", "checkpoint of step 5 written",
          "kept as that of the best validation", "samples made at step 10", "model of step 10 written"})
        QVERIFY2(log->toPlainText().contains(QLatin1String(said)), qPrintable(log->toPlainText()));
    // the mark of the best validation is on its own measure, and on no other
    auto* curve = page->curves()->panel(0);
    QTRY_VERIFY(curve->plot()->accessibleDescription().contains(QStringLiteral("10 points")));
    QVERIFY(!curve->plot()->accessibleDescription().contains(QStringLiteral("best")));
    curve->setMetric(QStringLiteral("val_score"));
    QTRY_VERIFY(curve->plot()->accessibleDescription().contains(QStringLiteral("best")));
    curve->setMetric(QStringLiteral("accuracy"));

    auto* checkpoints = fixture.find<QTableView>("checkpointTable");
    QTRY_VERIFY(checkpoints->model()->rowCount() >= 2);
    QTRY_COMPARE(checkpoints->model()->index(0, 0).data().toString(), QStringLiteral("10"));
    auto* use = fixture.find<QPushButton>("useCheckpointButton");
    QTRY_VERIFY(use->isEnabled());
    use->click();
    auto* notice = page->notice();
    QTRY_VERIFY(notice->text().contains(QStringLiteral("“small-10” is installed")));
    QVERIFY(QDir(fixture.path(QStringLiteral("workspace/models/small-10"))).exists());
    auto* choose = fixture.find<QToolButton>("trainingNoticeRemedyButton");
    QTRY_VERIFY(choose->isVisible());
    choose->click();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("inspect"));
    QTRY_VERIFY(fixture.find<QMenu>("queueModelsMenu")->isVisible());
    fixture.find<QMenu>("queueModelsMenu")->close();
    fixture.window->showPage(QStringLiteral("training"));
    use->click();
    QTRY_VERIFY(notice->text().contains(QStringLiteral("choose another name")));
}

void TestTrainingPage::pauseResumeAndStop() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    service.create(smallest(picturesIn(fixture), 100'000));
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > 3, kTrainedWithinMs);
    auto* pause = fixture.find<QAction>("pauseRunAction");
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Pause"));
    pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("paused"), kTrainedWithinMs);
    QTRY_VERIFY(onlyRun(fixture).record.step > 0);
    const auto held = onlyRun(fixture).record.step;
    QTRY_COMPARE(pause->text(), QStringLiteral("&Resume"));
    pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > held, kTrainedWithinMs);
    fixture.find<QAction>("stopRunAction")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("stopped"), kTrainedWithinMs);
    const auto stopped = onlyRun(fixture).record.step;
    QVERIFY(stopped > held);
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Resume"));
    pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > stopped, kTrainedWithinMs);
    QTRY_VERIFY(fixture.find<QAction>("finishRunAction")->isEnabled());
    fixture.find<QAction>("finishRunAction")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("finished"), kTrainedWithinMs);
    QVERIFY(fs::exists(onlyRun(fixture).folder / "model/manifest.json"));
}

void TestTrainingPage::runsAreCompared() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    Json options = smallest(picturesIn(fixture), 6);
    service.create(options);
    options["seed"] = 2;
    options["network"]["detectorWidths"] = {8, 8, 16};
    service.create(options);
    QTRY_VERIFY_WITH_TIMEOUT(service.runs().size() == 2 && service.isIdle(), kTrainedWithinMs);
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->table()->selectAll();
    const auto* panel = page->curves()->panel(1);
    QTRY_COMPARE(panel->plot()->curveCount(), 2);
    auto* table = fixture.find<QTableView>("parameterTable");
    QTRY_COMPARE(table->model()->columnCount(), 3);
    const auto keys = [&] {
        QStringList list;
        for (int row = 0; row < table->model()->rowCount(); ++row)
            list << table->model()->index(row, 0).data().toString();
        return list;
    };
    QStringList differing = keys();
    differing.sort();
    QCOMPARE(differing, (QStringList{QStringLiteral("network.detectorWidths"), QStringLiteral("seed")}));
    // the legend says what is different, not only when they were made
    QTRY_VERIFY(panel->plot()->accessibleDescription().contains(QStringLiteral("seed 2")));
    QVERIFY(panel->plot()->accessibleDescription().contains(QStringLiteral("detectorWidths [8,8,16]")));
    fixture.find<QCheckBox>("onlyDiffering")->setChecked(false);
    QVERIFY(keys().contains(QStringLiteral("batch")));
}

void TestTrainingPage::discardAsksFirst() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    service.create(smallest(picturesIn(fixture), 100'000));
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > 2, kTrainedWithinMs);
    const fs::path folder = onlyRun(fixture).folder;
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
    WindowFixture fixture;
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path first = training::createRun(tasks::all(), runs, smallest(picturesIn(fixture), 3));
    const fs::path second = training::createRun(tasks::all(), runs, smallest(picturesIn(fixture), 3));
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
    WindowFixture fixture;
    const fs::path folder = fixture.services->workspace() / "runs/dead";
    training::runTraining(tasks::all(), {folder, smallest(picturesIn(fixture), 12), false, 5}, {});
    auto record = training::readRunRecord(folder);
    record.state = RunState::Running;  // as kill -9 leaves it: it says running, and nobody holds its lock
    record.sessions.back().endedUtc.clear();
    training::writeRunRecord(folder, record);
    fixture.window->showPage(QStringLiteral("training"));
    QTRY_COMPARE(stateOf(fixture), QStringLiteral("interrupted"));
    auto* pause = fixture.find<QAction>("pauseRunAction");
    QTRY_VERIFY(pause->isEnabled() && pause->text() == QLatin1String("&Resume"));
    pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("finished"), kTrainedWithinMs);
    QCOMPARE(onlyRun(fixture).record.step, std::uint64_t(12));
}

void TestTrainingPage::closingTheWindowKeepsACheckpoint() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.services->training().create(smallest(picturesIn(fixture), 100'000));
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > 2, kTrainedWithinMs);
    const fs::path folder = onlyRun(fixture).folder;
    QVERIFY(!fixture.window->close());  // not yet: the checkpoint comes first
    QVERIFY(fixture.window->page<ui::TrainingPage>()->notice()->text().contains(
        QStringLiteral("Finishing the checkpoint")));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.window->isVisible(), kTrainedWithinMs);
    const auto record = training::readRunRecord(folder);
    QVERIFY(record.state == RunState::Stopped && record.step > 2);
}

void TestTrainingPage::examinesWhileItTrains() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    fixture.services->training().create(smallest(picturesIn(fixture), 100'000));
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > 2, kTrainedWithinMs);
    auto& examine = fixture.services->examine();
    int finished = 0;
    connect(&examine, &ui::ExamineService::finished, this, [&] { ++finished; });
    for (int i = 0; i < 5; ++i)
        examine.enqueue(ui::toPath(picturesIn(fixture)) / (std::to_string(i) + ".png"));
    const auto before = onlyRun(fixture).step();
    QTRY_COMPARE_WITH_TIMEOUT(finished, 5, kTrainedWithinMs);
    QTRY_VERIFY_WITH_TIMEOUT(onlyRun(fixture).step() > before, kTrainedWithinMs);
    fixture.services->training().finishAll();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.services->training().isIdle(), kTrainedWithinMs);
}

void TestTrainingPage::startIsCheckedInTheForm() {
    WindowFixture fixture;
    const fs::path first = fixture.services->workspace() / "runs/first";
    training::runTraining(tasks::all(), {first, smallest(picturesIn(fixture), 3), false, 0}, {});
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    page->newRun()->setOptions(smallest(picturesIn(fixture), 3));
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
    WindowFixture fixture;
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path folder =
        training::createRun(tasks::all(), runs, smallest(picturesIn(fixture), 3), {"One", "why"});
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

/// Another task: its folders and options in the form, its curves and samples as it describes them.
void TestTrainingPage::aClassifierOfTwoFolders() {
    WindowFixture fixture;
    QStringList folders{fixture.path(QStringLiteral("dark")), fixture.path(QStringLiteral("bright"))};
    for (int i = 0; i < 20; ++i) {
        QVERIFY(QDir().mkpath(folders[i % 2]));
        writePicture(folders[i % 2], QStringLiteral("%1.png").arg(i), i % 2 ? 200 : 40, QSize(64, 56));
    }
    fixture.services->training().start();
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    auto* preset = fixture.find<QComboBox>("newRunPreset");
    preset->setCurrentIndex(preset->findText(QStringLiteral("classifier")));
    QVERIFY(fixture.find<QLineEdit>("option.attackShare"));
    QVERIFY2(!fixture.find<QLineEdit>("option.lambda"), "an option of the signature's is still there");
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    fixture.find<QLineEdit>("newRunData")->setText(folders[0]);
    QVERIFY(!start->isEnabled());
    fixture.find<QLineEdit>("newRunData1")->setText(folders[1]);
    QTRY_VERIFY(fixture.find<QLabel>("newRunDataNote")->text().contains(QStringLiteral("to train on")));
    auto* form = page->newRun()->form();
    QCOMPARE(form->values()["task"].get<std::string>(), std::string("classifier"));
    const Json small = {{"width", 4},    {"side", 32},         {"batch", 4},       {"steps", 6},
                        {"logEvery", 1}, {"validateEvery", 3}, {"sampleEvery", 3}, {"bf16", false}};
    for (const auto& [key, value] : small.items()) form->setValue(QString::fromStdString(key), value);
    QTRY_VERIFY(start->isEnabled());
    start->click();
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(fixture), QStringLiteral("finished"), kTrainedWithinMs);
    const fs::path folder = onlyRun(fixture).folder;
    QTRY_VERIFY(page->curves()->curves(folder) &&
                page->curves()->curves(folder)->count(QStringLiteral("val_auc")) == 2);
    auto* curve = page->curves()->panel(0);
    QCOMPARE(curve->metric(), QStringLiteral("accuracy"));
    QCOMPARE(page->curves()->panel(1)->metric(), QStringLiteral("loss_classification"));
    curve->setMetric(QStringLiteral("val_auc"));
    QTRY_VERIFY(curve->plot()->accessibleDescription().contains(QStringLiteral("best")));
    QVERIFY(fixture.find<QLabel>("sampleHint")->text().contains(QStringLiteral("two classes")));
    const auto* readings = fixture.find<QTableView>("sampleReadings")->model();
    QTRY_VERIFY(readings->rowCount() > 0);
    const QString said = readings->index(0, readings->columnCount() - 1).data().toString();
    QVERIFY2(said.startsWith(QStringLiteral("dark, taken for ")) && said.contains(QStringLiteral("logit")),
             qPrintable(said));

    preset->setCurrentIndex(preset->findText(QStringLiteral("presence")));
    QVERIFY(fixture.find<QLineEdit>("option.lambda") && !fixture.find<QLineEdit>("newRunData1"));
}

void TestTrainingPage::checkpointsAreForWhatTheirModelsDo_data() {
    QTest::addColumn<bool>("isRemover");
    QTest::addColumn<QString>("button");
    QTest::addColumn<QString>("said");
    QTest::addColumn<bool>("examines");
    QTest::newRow("signature") << false << "&Use in examinations"
                               << "examines from now on" << true;
    QTest::newRow("remover") << true << "&Install as a model"
                             << "signet evaluate --remover" << false;
}

/// A model that examines nothing is not said to, and the choice of those that do is not offered with it.
void TestTrainingPage::checkpointsAreForWhatTheirModelsDo() {
    QFETCH(bool, isRemover);
    QFETCH(QString, button);
    QFETCH(QString, said);
    QFETCH(bool, examines);
    WindowFixture fixture;
    const QString photos = picturesIn(fixture);
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path signer = isRemover ? ui::toPath(fixture.path(QStringLiteral("signer"))) : runs / "small";
    training::runTraining(tasks::all(), {signer, smallest(photos, 3)}, {});
    if (isRemover) {
        const Json options = training::configure(
            tasks::all(), "remover",
            {"data=" + ui::toPath(photos).string(), "model=" + (signer / "model").string(), "name=small",
             "side=64", "widths=[8,8,8]", "batch=2", "bf16=false", "logEvery=1", "checkpointEvery=3",
             "validateEvery=3", "validationImages=2", "sampleEvery=3", "steps=3"});
        training::runTraining(tasks::all(), {runs / "small", options}, {});
    }
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showTab(ui::TrainingPage::CheckpointsTab);
    auto* use = fixture.find<QPushButton>("useCheckpointButton");
    QTRY_VERIFY(use->isVisible() && use->isEnabled());
    QCOMPARE(use->text(), button);
    QCOMPARE(use->toolTip().contains(QStringLiteral("examines no images")), !examines);
    use->click();
    QTRY_VERIFY(page->notice()->text().contains(QStringLiteral("“small-3” is installed")));
    QVERIFY2(page->notice()->text().contains(said), qPrintable(page->notice()->text()));
    QCOMPARE(fixture.find<QToolButton>("trainingNoticeRemedyButton")->isVisible(), examines);
}

/// Of a run that is watched from its first step on too, whose validations come later.
void TestTrainingPage::plotsBeginWithWhatTheTaskSays() {
    training::RunRecord record;
    record.options = {{"task", "secure"}};
    ui::CurvesView view;
    view.setRuns({{"/run", QStringLiteral("run"), std::nullopt, ui::metricsOf(record)}});
    const auto add = [&](const Json& curves) {
        training::RunNews news;
        news.folder = "/run";
        news.curves.push_back(curves);
        view.add(news);
    };
    add({{"step", 1u}, {"loss_critic", 0.5}});
    QCOMPARE(view.panel(0)->metric(), QStringLiteral("loss_critic"));
    add({{"step", 2u}, {"val_found", 0.5}, {"val_fd_efflite0", 31.5}});
    QCOMPARE(view.panel(0)->metric(), QStringLiteral("val_found"));
    QCOMPARE(view.panel(1)->metric(), QStringLiteral("val_fd_efflite0"));
    view.panel(1)->setMetric(QStringLiteral("loss_critic"));  // a person's choice stays
    add({{"step", 3u}, {"r1", 0.1}});
    QCOMPARE(view.panel(1)->metric(), QStringLiteral("loss_critic"));
}

void TestTrainingPage::samplesTellWhatValidationsCameTo() {
    WindowFixture fixture;
    ui::SamplePanel panel(fixture.services->training());
    training::RunRecord record;
    record.options = {{"task", "secure"}};
    panel.setRun("/run", record);
    const auto sample = [](unsigned step, bool found) {
        Json row = {{"found", found}, {"found_before", false}, {"bits", 32}, {"bits_right", 30}};
        return Json{{"step", step}, {"file", "none.png"}, {"rows", Json::array({row})}};
    };
    training::RunNews news;
    news.samples.push_back(sample(0, false));
    news.samples.push_back(sample(500, true));
    news.curves.push_back({{"step", 500u}, {"val_found", 0.25}, {"val_fd_efflite0", 31.5}});
    panel.add(news);
    const auto* validation = panel.findChild<ui::ElidedLabel*>(QStringLiteral("sampleValidation"));
    QCOMPARE(validation->fullText(),
             QStringLiteral("Validation at step 500: drawn pictures found signed 25.0 % · Frechet distance "
                            "(EfficientNet-Lite0) 31.5"));
    const auto* readings = panel.findChild<QTableView*>(QStringLiteral("sampleReadings"))->model();
    QCOMPARE(readings->index(0, 1).data().toString(), QStringLiteral("signature found"));
    QCOMPARE(readings->index(0, 2).data().toString(),
             QStringLiteral("30 of 32 bits; as it was: no signature found"));
    panel.findChild<QSlider*>(QStringLiteral("sampleSlider"))->setValue(0);  // before any validation
    QCOMPARE(validation->fullText(), QString());
}

/// Of two that are named one is found there: the run fails for want of the other.
void TestTrainingPage::modelsOfTheWorkspaceAreFoundThere() {
    QString why;
    WindowFixture fixture;
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
    page->newRun()->setDataFolder(picturesIn(fixture));
    auto& service = fixture.services->training();
    connect(&service, &ui::TrainingService::failed, this, [&](const QString& problem) { why = problem; });
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QTRY_VERIFY(start->isEnabled());
    start->click();
    QTRY_VERIFY_WITH_TIMEOUT(!why.isEmpty() && service.isIdle(), kTrainedWithinMs);
    QVERIFY2(why.contains(QStringLiteral("no model \"elsewhere\"")), qPrintable(why));
    QVERIFY2(why.contains(QStringLiteral(" own")), qPrintable(why));  // among those there are
}

void TestTrainingPage::curvesHaveTitles_data() {
    QTest::addColumn<QString>("task");
    QTest::addColumn<QString>("curve");
    QTest::addColumn<QString>("title");
    QTest::newRow("of the task") << "signature"
                                 << "val_score"
                                 << "Validation: score (dB)";
    QTest::newRow("of another") << "classifier"
                                << "val_auc"
                                << "Validation: AUC";
    QTest::newRow("of every run") << "classifier"
                                  << "memory_mib"
                                  << "Memory (MiB)";
    QTest::newRow("of no task known here") << "upscaler"
                                           << "val_lpips"
                                           << "Validation: lpips";
}
void TestTrainingPage::curvesHaveTitles() {
    QFETCH(QString, task);
    QFETCH(QString, curve);
    QFETCH(QString, title);
    training::RunRecord record;
    record.options = {{"task", task.toStdString()}};
    QCOMPARE(ui::metricText(ui::metricsOf(record), curve), title);
}

void TestTrainingPage::durations_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("seconds") << 42.4 << "42 s";
    QTest::newRow("minutes") << 200.0 << "3 min 20 s";
    QTest::newRow("hours") << 5 * 3600.0 + 12 * 60 << "5 h 12 min";
    QTest::newRow("days") << 2 * 86400.0 + 3 * 3600 << "2 d 3 h";
    QTest::newRow("none") << -1.0 << "–";
}
void TestTrainingPage::durations() {
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(ui::durationText(seconds), text);
}

SIGNET_TEST(TestTrainingPage)
#include "test_training_page.moc"
