// The Experiments page over made-up results: the list and its tables, own results before those that come with
// the program, what is said before there are any, runs that cannot begin, a stop, the export.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/experiments/result_table.h"
#include "core/training/photo_set.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/experiments/experiment_page.h"
#include "ui/experiments/experiment_text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using experiments::Row;
using test::WindowFixture;
namespace fs = std::filesystem;

namespace {

constexpr int kEndedWithinMs = 60'000;

Row madeUpRow(const char* id, const char* name, double accuracy) {
    return {id,
            name,
            {{"bit_accuracy", 0.99}},
            {{"bit_accuracy", accuracy}, {"bit_accuracy_ci95", {accuracy - 0.01, accuracy + 0.01}}},
            {{"preset", "cpu"},
             {"sizes", {{"distancePictures", 1000}}},
             {"models", {{{"task", "fingerprint"}, {"steps", 12000}}}},
             {"training_seconds", 12000.0}},
            42};
}

/// As a run keeps them.
void writeRows(const fs::path& folder, const char* id, const std::vector<Row>& rows) {
    Json json = {{"id", id}, {"rows", Json::array()}};
    for (const Row& row : rows) json["rows"].push_back(row.toJson());
    fs::create_directories(folder);
    writeFileAtomically(folder / (std::string(id) + ".json"), json.dump(1), IfExists::Replace);
}

struct ExperimentsFixture : WindowFixture {
    ExperimentsFixture() {
        service().setShippedResults(shippedFolder());
        ownFolder = services->workspace() / "experiments" / "cpu" / "results";
    }
    void show() const {
        window->showPage(QStringLiteral("experiments"));
        QTRY_VERIFY(!service().isReading() && list().rowCount() > 0);
    }
    ui::ExperimentService& service() const { return services->experiments(); }
    ui::ExperimentPage& page() const { return *window->page<ui::ExperimentPage>(); }
    QAbstractItemModel& list() const { return *page().list()->model(); }
    QAbstractItemModel& table() const { return *page().results()->model(); }
    fs::path shippedFolder() const { return ui::toPath(path(QStringLiteral("shipped"))); }
    QString cell(const QAbstractItemModel& model, int row, int column) const {
        return model.index(row, column).data().toString();
    }
    int rowOf(const QString& id) const {
        for (int row = 0; row < list().rowCount(); ++row)
            if (cell(list(), row, 0) == id) return row;
        return -1;
    }
    void choose(const QString& id) const { page().list()->selectRow(rowOf(id)); }
    QString textOf(const char* label) const { return find<QLabel>(label)->text(); }
    QString notice() const { return find<ui::NoticeBar>("experimentsNotice")->text(); }
    void trigger(const char* action) const { find<QAction>(action)->trigger(); }
    QString photos() const {
        const QString folder = path(QStringLiteral("photos"));
        QDir().mkpath(folder);
        for (int i = 0; i < 24; ++i)
            test::writePicture(folder, QStringLiteral("%1.png").arg(i), 40 + 8 * i, QSize(40, 40));
        return folder;
    }

    fs::path ownFolder;
};

}  // namespace

class TestExperimentsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void allExperimentsAreListed() {
        ExperimentsFixture f;
        f.show();
        QCOMPARE(f.list().rowCount(), static_cast<int>(experiments::all().size()));
        QCOMPARE(f.cell(f.list(), 0, 0), QStringLiteral("A.T1"));
        const int row = f.rowOf(QStringLiteral("B.T1"));
        QVERIFY(row > 0);
        QCOMPARE(f.cell(f.list(), row, 2), QStringLiteral("0 of 8"));
        QCOMPARE(f.cell(f.list(), row, 3), QStringLiteral("paper B, table 1"));
        QCOMPARE(f.find<QComboBox>("experimentPreset")->currentText(), QStringLiteral("cpu"));
        QVERIFY(f.find<QComboBox>("experimentPreset")->count() >= 2);
    }

    void withoutResultsItSaysWhatToDo() {
        ExperimentsFixture f;
        f.show();
        QVERIFY(f.find<QLabel>("experimentNoneTitle")->isVisible());
        QVERIFY(f.textOf("experimentNoneText").contains(QStringLiteral("hours")));
        QVERIFY(f.find<QPushButton>("experimentNoneexperimentRunButton")->isEnabled());
        QVERIFY(!f.find<QAction>("experimentExportAction")->isEnabled());
        QVERIFY(!f.find<QAction>("experimentStopAction")->isEnabled());
        QVERIFY(!fs::exists(f.ownFolder));  // looking makes none
    }

    void resultsStandBesideThePapers() {
        ExperimentsFixture f;
        Row gone = madeUpRow("B.T1", "gone", 0.5);
        gone.remark = "It came out by chance.";
        writeRows(f.ownFolder, "B.T1", {madeUpRow("B.T1", "variant II", 0.98), gone});
        f.show();
        f.choose(QStringLiteral("B.T1"));
        QCOMPARE(f.table().rowCount(), 2);
        QCOMPARE(f.cell(f.table(), 0, 0), QStringLiteral("variant II"));
        QCOMPARE(f.table().headerData(1, Qt::Horizontal).toString(), QStringLiteral("bit accuracy (paper)"));
        QCOMPARE(f.cell(f.table(), 0, 1), QStringLiteral("0.99"));
        QCOMPARE(f.cell(f.table(), 0, 2), QStringLiteral("0.98 (0.97 to 0.99)"));
        QVERIFY(f.textOf("experimentTitle").startsWith(QStringLiteral("B.T1: ")));
        QVERIFY(f.textOf("experimentNote").contains(QStringLiteral("table 1")));
        const QString how = f.textOf("experimentHow");
        QVERIFY2(how.startsWith(QStringLiteral("variant II: measured here in 42 s, after 3 h 20 min")),
                 qPrintable(how));
        QVERIFY2(how.contains(QStringLiteral("preset: cpu")), qPrintable(how));
        QVERIFY2(how.contains(QStringLiteral("distance pictures: 1,000")), qPrintable(how));
        QVERIFY2(how.contains(QStringLiteral("steps: 12,000")), qPrintable(how));
        f.page().results()->selectRow(1);
        QVERIFY(f.textOf("experimentHow").startsWith(QStringLiteral("gone")));
        QVERIFY(f.textOf("experimentHow").contains(QStringLiteral("by chance. preset: cpu")));
        QCOMPARE(f.cell(f.table(), 1, 3), QStringLiteral("It came out by chance."));
    }

    void ownResultsComeFirst() {
        ExperimentsFixture f;
        writeRows(f.shippedFolder() / "cpu", "B.T1",
                  {madeUpRow("B.T1", "variant I", 0.97), madeUpRow("B.T1", "variant II", 0.5)});
        writeRows(f.ownFolder, "B.T1", {madeUpRow("B.T1", "variant II", 0.98)});
        f.show();
        f.choose(QStringLiteral("B.T1"));
        QCOMPARE(f.cell(f.list(), f.rowOf(QStringLiteral("B.T1")), 2), QStringLiteral("2 of 8"));
        QCOMPARE(f.table().rowCount(), 2);
        QCOMPARE(f.cell(f.table(), 0, 0), QStringLiteral("variant I"));
        QVERIFY(f.cell(f.table(), 1, 2).startsWith(QStringLiteral("0.98")));
        QCOMPARE(f.cell(f.table(), 0, 3), QStringLiteral("the program"));
        QCOMPARE(f.cell(f.table(), 1, 3), QStringLiteral("here"));
        QVERIFY(f.textOf("experimentOrigin").contains(QStringLiteral("1 row measured here")));
        QVERIFY(f.textOf("experimentOrigin").contains(QStringLiteral("come")));
    }

    void anotherPresetHasItsOwn() {
        ExperimentsFixture f;
        writeRows(f.ownFolder, "B.T5", {madeUpRow("B.T5", "adversarial", 0.6)});
        f.show();
        f.choose(QStringLiteral("B.T5"));
        QCOMPARE(f.table().rowCount(), 1);
        f.find<QComboBox>("experimentPreset")->setCurrentText(QStringLiteral("paper"));
        QTRY_COMPARE(f.table().rowCount(), 0);
        QCOMPARE(f.page().list()->currentIndex().row(), f.rowOf(QStringLiteral("B.T5")));
        QVERIFY(f.find<QLabel>("experimentNoneTitle")->isVisible());
    }

    void whatIsDamagedIsSaid() {
        ExperimentsFixture f;
        fs::create_directories(f.ownFolder);
        writeFileAtomically(f.ownFolder / "B.T1.json", std::string("{"), IfExists::Replace);
        f.show();
        f.choose(QStringLiteral("B.T1"));
        QVERIFY2(f.textOf("experimentOrigin").contains(QStringLiteral("damaged")),
                 qPrintable(f.textOf("experimentOrigin")));
    }

    void aRunWithoutPicturesSaysWhy() {
        ExperimentsFixture f;
        f.show();
        f.choose(QStringLiteral("B.T5"));
        // it asks for the folder, which is gone when the run begins
        ui::FileDialogs::setNextFileNames({f.path(QStringLiteral("nowhere"))});
        f.trigger("experimentRunAction");
        QVERIFY(f.service().isRunning());
        QVERIFY(!f.find<QAction>("experimentRunAction")->isEnabled());
        QVERIFY(f.find<QAction>("experimentStopAction")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!f.service().isRunning(), kEndedWithinMs);
        QVERIFY2(f.notice().startsWith(QStringLiteral("B.T5 was not run.")), qPrintable(f.notice()));
        QVERIFY(f.notice().contains(QStringLiteral("is no folder")));
        QVERIFY(f.find<QAction>("experimentRunAction")->isEnabled());
        QVERIFY(f.find<ui::ElidedLabel>("experimentData")->fullText().contains(QStringLiteral("nowhere")));
    }

    /// A folder without a picture: each row fails, and is in the list with its reason.
    void failuresAreListed() {
        ExperimentsFixture f;
        f.show();
        f.choose(QStringLiteral("B.T5"));
        // One picture, and not of the part that trainings may use.
        const QString folder = f.path(QStringLiteral("few"));
        for (int i = 0;; ++i) {
            QDir(folder).removeRecursively();
            QDir().mkpath(folder);
            test::writePicture(folder, QStringLiteral("%1.png").arg(i), 64);
            try {
                (void)training::listPhotos(folder.toStdString(), training::Split::Train);
            } catch (const Error&) {
                break;
            }
        }
        f.page().setDataFolder(folder);
        f.trigger("experimentRunAction");
        QTRY_VERIFY_WITH_TIMEOUT(!f.service().isRunning(), kEndedWithinMs);
        const QAbstractItemModel* failures = f.find<ui::CopyTableView>("experimentFailures")->model();
        QVERIFY(failures->rowCount() > 0);
        QCOMPARE(f.cell(*failures, 0, 0), QStringLiteral("B.T5: adversarial"));
        QVERIFY(!f.cell(*failures, 0, 1).isEmpty());
        QVERIFY(f.notice().contains(QStringLiteral("failed")));
        QCOMPARE(f.find<QTabWidget>("experimentTabs")->currentIndex(), int(ui::ExperimentPage::Failures));
    }

    void aStopIsSaid() {
        ExperimentsFixture f;
        f.show();
        f.page().setDataFolder(f.photos());
        f.trigger("experimentRunAction");
        f.trigger("experimentStopAction");
        QTRY_VERIFY_WITH_TIMEOUT(!f.service().isRunning(), kEndedWithinMs);
        QVERIFY2(f.notice().contains(QStringLiteral("a second run goes on there")), qPrintable(f.notice()));
        QCOMPARE(f.textOf("experimentProgress"), QString());
    }

    void closingWhileItRunsIsSafe() {
        ExperimentsFixture f;
        f.show();
        f.choose(QStringLiteral("B.T5"));
        f.page().setDataFolder(f.photos());
        f.trigger("experimentProbeAction");
        QTRY_VERIFY_WITH_TIMEOUT(!f.find<ui::ElidedLabel>("experimentProgress")->fullText().isEmpty(),
                                 kEndedWithinMs);
        f.window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->isVisible(), kEndedWithinMs);
        QVERIFY(f.service().isIdle());
    }

    void theTableIsExported() {
        ExperimentsFixture f;
        const std::vector<Row> rows = {madeUpRow("B.T1", "variant II", 0.98)};
        writeRows(f.ownFolder, "B.T1", rows);
        f.show();
        f.choose(QStringLiteral("B.T1"));
        const std::pair<const char*, std::string> wanted[] = {
            {"out.csv", experiments::csvOf(rows)},
            {"out.html", experiments::htmlOf(experiments::find("B.T1"), rows)}};
        for (const auto& [name, content] : wanted) {
            const QString file = f.path(QLatin1String(name));
            ui::FileDialogs::setNextFileNames({file});
            f.trigger("experimentExportAction");
            QTRY_VERIFY(f.service().isIdle());
            QCOMPARE(readTextFile(ui::toPath(file)), content);
            QVERIFY(f.notice().startsWith(QStringLiteral("Written: ")));
        }
        ui::FileDialogs::setNextFileNames({f.path(QStringLiteral("nowhere/out.csv"))});
        f.trigger("experimentExportAction");
        QTRY_VERIFY2(f.notice().startsWith(QStringLiteral("The export failed.")), qPrintable(f.notice()));
    }

    void settingsAreRemembered() {
        ExperimentsFixture f;
        f.show();
        f.choose(QStringLiteral("B.F5"));
        f.page().setDataFolder(QStringLiteral("/somewhere"));
        f.window->close();
        ui::ThemeController theme;
        ui::MainWindow second(*f.services, theme, f.path(QStringLiteral("settings.ini")));
        second.show();
        second.showPage(QStringLiteral("experiments"));
        auto& page = *second.page<ui::ExperimentPage>();
        QTRY_COMPARE(page.list()->currentIndex().row(), f.rowOf(QStringLiteral("B.F5")));
        QCOMPARE(page.findChild<ui::ElidedLabel*>(QStringLiteral("experimentData"))->fullText(),
                 QStringLiteral("/somewhere"));
    }

    void wordsOfProgressAndProbes() {
        QCOMPARE(ui::progressText({"B.T1: variant II", {}, 1240, 12000}),
                 QStringLiteral("B.T1: variant II · step 1,240 of 12,000"));
        QCOMPARE(ui::progressText({"B.T1: outguess", "outguess-32", 3, 40}),
                 QStringLiteral("B.T1: outguess · outguess-32: 3 of 40"));
        const ui::ProbedTraining training{"variant II", 0.5, 512, 14400};
        QCOMPARE(ui::probeCells(training).last(), QStringLiteral("2 h 0 min"));
        const QString sum =
            ui::probeSumText(QStringLiteral("B.T1"), QStringLiteral("cpu"), {training, training});
        QVERIFY2(sum.contains(QStringLiteral("about 4 h 0 min")), qPrintable(sum));
    }
};

SIGNET_TEST(TestExperimentsPage)
#include "test_experiments_page.moc"
