// What the Training page shows of runs: curves with their validations, samples, checkpoints, comparison.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QTableView>
#include <QToolButton>

#include "tests/support/test_program.h"
#include "training_fixture.h"
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

using namespace signet;
using test::kTrainedWithinMs;
using test::TrainingFixture;
using test::writePicture;
namespace fs = std::filesystem;

namespace {

/// Points of the longest curve that is drawn now.
std::size_t pointsDrawn(const ui::CurvePlot* plot) {
    std::size_t most = 0;
    for (int id = 0; id < 100; ++id) most = std::max(most, plot->pointCount(id));
    return most;
}

}  // namespace

class TestTrainingPanels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunFromSetUpToModel();
    void runsAreCompared();
    void aClassifierOfTwoFolders();
    void checkpointsAreForWhatTheirModelsDo_data();
    void checkpointsAreForWhatTheirModelsDo();
    void plotsBeginWithWhatTheTaskSays();
    void samplesTellWhatValidationsCameTo();
    void curvesHaveTitles_data();
    void curvesHaveTitles();
    void durations_data();
    void durations();
};

void TestTrainingPanels::aRunFromSetUpToModel() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto* page = fixture.window->page<ui::TrainingPage>();
    page->showNewRun();
    page->newRun()->setOptions(fixture.smallest(10));
    auto* start = fixture.find<QPushButton>("newRunStartButton");
    QTRY_VERIFY(start->isEnabled());
    fixture.find<QPushButton>("newRunProbeButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.find<QLabel>("newRunProbeNote")->text().contains(QStringLiteral("for the whole run")),
        kTrainedWithinMs);
    start->click();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("finished"), kTrainedWithinMs);
    const fs::path folder = fixture.onlyRun().folder;
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

void TestTrainingPanels::runsAreCompared() {
    TrainingFixture fixture;
    fixture.window->showPage(QStringLiteral("training"));
    auto& service = fixture.services->training();
    Json options = fixture.smallest(6);
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

/// Another task: its folders and options in the form, its curves and samples as it describes them.
void TestTrainingPanels::aClassifierOfTwoFolders() {
    TrainingFixture fixture;
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
    QTRY_COMPARE_WITH_TIMEOUT(fixture.state(), QStringLiteral("finished"), kTrainedWithinMs);
    const fs::path folder = fixture.onlyRun().folder;
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

void TestTrainingPanels::checkpointsAreForWhatTheirModelsDo_data() {
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
void TestTrainingPanels::checkpointsAreForWhatTheirModelsDo() {
    QFETCH(bool, isRemover);
    QFETCH(QString, button);
    QFETCH(QString, said);
    QFETCH(bool, examines);
    TrainingFixture fixture;
    const QString photos = fixture.photos();
    const fs::path runs = fixture.services->workspace() / "runs";
    const fs::path signer = isRemover ? ui::toPath(fixture.path(QStringLiteral("signer"))) : runs / "small";
    training::runTraining(tasks::all(), {signer, fixture.smallest(3)}, {});
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
void TestTrainingPanels::plotsBeginWithWhatTheTaskSays() {
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

void TestTrainingPanels::samplesTellWhatValidationsCameTo() {
    TrainingFixture fixture;
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

void TestTrainingPanels::curvesHaveTitles_data() {
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
void TestTrainingPanels::curvesHaveTitles() {
    QFETCH(QString, task);
    QFETCH(QString, curve);
    QFETCH(QString, title);
    training::RunRecord record;
    record.options = {{"task", task.toStdString()}};
    QCOMPARE(ui::metricText(ui::metricsOf(record), curve), title);
}

void TestTrainingPanels::durations_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("seconds") << 42.4 << "42 s";
    QTest::newRow("minutes") << 200.0 << "3 min 20 s";
    QTest::newRow("hours") << 5 * 3600.0 + 12 * 60 << "5 h 12 min";
    QTest::newRow("days") << 2 * 86400.0 + 3 * 3600 << "2 d 3 h";
    QTest::newRow("none") << -1.0 << "–";
}
void TestTrainingPanels::durations() {
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(ui::durationText(seconds), text);
}

SIGNET_TEST(TestTrainingPanels)
#include "test_training_panels.moc"
