// The ROC page: score files, measuring folders, the operating point, saving a calibration.
#include <QAction>
#include <QApplication>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>

#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/page_requests.h"
#include "ui/plot/roc_plot.h"
#include "ui/plot/score_histogram.h"
#include "ui/roc/measure_panel.h"
#include "ui/roc/roc_page.h"
#include "ui/style/copy_table_view.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
namespace fs = std::filesystem;

namespace {

constexpr int kMeasuredWithinMs = 60'000;

void writeText(const QString& path, const QByteArray& text) {
    writeFileAtomically(ui::toPath(path),
                        std::string_view(text.constData(), static_cast<std::size_t>(text.size())),
                        IfExists::Replace);
}

/// The window over a fake engine with the ROC page in front.
struct RocPageFixture : WindowFixture {
    RocPageFixture() {
        window->showPage(QStringLiteral("roc"));
        QCoreApplication::processEvents();
    }
    ui::RocPage& page() const { return *window->page<ui::RocPage>(); }
    QString textOf(const char* label) const { return find<QLabel>(label)->text(); }
    void click(const char* button) const { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    QString notice() const { return find<ui::NoticeBar>("rocNotice")->text(); }
    QString writeScores(const QByteArray& text) {
        writeText(path(QStringLiteral("scores.csv")), text);
        return path(QStringLiteral("scores.csv"));
    }
    /// The fake engine scores a picture brighter than 200 as 7.3125, a darker one as -4.
    void writeFolders(int marked, int plain) {
        QDir(folder.path()).mkpath(QStringLiteral("signed"));
        QDir(folder.path()).mkpath(QStringLiteral("unsigned"));
        const auto write = [](const QString& where, int n, int level, int from) {
            for (int i = 0; i < n; ++i) {
                QImage picture(QSize(16, 12), QImage::Format_RGB888);
                picture.fill(qRgb(level, level, level));
                picture.setPixel(5, 5,
                                 qRgb((from + i) % 256, (from + i) / 256, 7));  // no two are the same file
                QVERIFY(picture.save(QDir(where).filePath(QStringLiteral("%1.bmp").arg(i))));
            }
        };
        write(path(QStringLiteral("signed")), marked, 250, 0);
        write(path(QStringLiteral("unsigned")), plain, 20, 10'000);
    }
    void measure() {
        QTRY_VERIFY(services->catalogue());
        page().measurePanel()->setFolders(path(QStringLiteral("signed")), path(QStringLiteral("unsigned")));
        find<QAction>("rocMeasureAction")->trigger();
        QTRY_VERIFY(find<QPushButton>("measureStartButton")->isEnabled());
        click("measureStartButton");
        QVERIFY(services->roc().isMeasuring());
        QTRY_VERIFY_WITH_TIMEOUT(!services->roc().isMeasuring(), kMeasuredWithinMs);
    }
};

const QByteArray kTwoDetectors =
    "score,label,detector\n4,1,good\n3,1,good\n2.5,1,good\n1,0,good\n0,0,good\n-1,0,good\n"
    "3,1,poor\n0,1,poor\n2,0,poor\n-1,0,poor\n";

}  // namespace

class TestRocPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void emptyPageSaysWhatToDo() {
        RocPageFixture f;
        QVERIFY(f.find<QPushButton>("rocEmptyrocMeasureButton")->isVisible());
        QVERIFY(f.find<QLabel>("rocEmptyText")->text().contains(QStringLiteral("dropped")));
        QVERIFY(!f.find<QAction>("rocStopAction")->isEnabled());
    }

    void scoreFileIsOpened() {
        RocPageFixture f;
        ui::FileDialogs::setNextFileNames({f.writeScores(kTwoDetectors)});
        f.find<QAction>("rocOpenAction")->trigger();
        QTRY_COMPARE(f.page().model()->rowCount(), 2);
        QCOMPARE(f.textOf("operatingName").left(4), QStringLiteral("good"));
        QCOMPARE(f.textOf("tprValue"), QStringLiteral("100 %"));
        QCOMPARE(f.textOf("fprValue"), QStringLiteral("0 %"));
        QVERIFY(f.textOf("fprDetail").contains(QStringLiteral("0 of 3")));
        QVERIFY(f.textOf("fprDetail").contains(QStringLiteral("up to 63.2 %")));
        QVERIFY(f.textOf("tprDetail").contains(QStringLiteral("3 of 3")));
        QVERIFY(f.textOf("thresholdOrigin").contains(QStringLiteral("optimistic")));
        QVERIFY(!f.find<QPushButton>("saveCalibrationButton")->isEnabled());
        QVERIFY(f.textOf("calibrationReason").contains(QStringLiteral("score file")));
        QVERIFY(!f.find<QPushButton>("calibratedButton")->isEnabled());
    }

    void twoMeasurementsHaveDifferentNames() {
        RocPageFixture f;
        f.writeFolders(4, 4);
        f.measure();
        f.measure();
        f.measure();
        const int rows = f.page().model()->rowCount();
        QCOMPARE(rows, 6);
        QStringList names;
        for (int row = 0; row < rows; ++row) names << f.page().model()->index(row, 0).data().toString();
        QCOMPARE(names.front(), QStringLiteral("fake-code32"));
        QVERIFY2(names.contains(QStringLiteral("fake-code32 (signed, unsigned)")),
                 qPrintable(names.join(QLatin1Char('|'))));
        QCOMPARE(names.removeDuplicates(), 0);
    }

    void badScoreFileIsExplained() {
        RocPageFixture f;
        f.drop({f.writeScores("1,1\nx,0\n")});
        QTRY_VERIFY(f.notice().contains(QStringLiteral("Line 2 has no number")));
        QCOMPARE(f.page().model()->rowCount(), 0);
        f.drop({test::writePicture(f.folder.path(), QStringLiteral("p.png"), 9)});
        QTRY_VERIFY(f.notice().contains(QStringLiteral("is an image")));
    }

    void operatingPointMoves() {
        RocPageFixture f;
        f.page().openFile(ui::toPath(f.writeScores(kTwoDetectors)));
        QTRY_COMPARE(f.page().model()->rowCount(), 2);
        auto* edit = f.find<QLineEdit>("thresholdEdit");
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, QStringLiteral("0.5"));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(f.textOf("fprDetail").startsWith(QStringLiteral("1 of 3")));
        QVERIFY(f.textOf("thresholdOrigin").startsWith(QStringLiteral("Typed in")));
        edit->selectAll();
        QTest::keyClicks(edit, QStringLiteral("high"));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(f.find<QLabel>("thresholdProblem")->isVisible());
        auto* largest = f.find<QPushButton>("largestTprButton");
        f.find<QDoubleSpinBox>("maxFpr")->setValue(33);  // three negatives show a third at best
        QVERIFY(!largest->isEnabled());
        QVERIFY(largest->toolTip().startsWith(QStringLiteral("3 unsigned images cannot show")));
        f.find<QDoubleSpinBox>("maxFpr")->setValue(34);
        largest->click();
        QCOMPARE(edit->text(), QStringLiteral("2"));  // between 1 and 2.5
        QVERIFY(f.textOf("fprDetail").startsWith(QStringLiteral("0 of 3")));
        f.page().plot()->setFocus();
        QTest::keyClick(f.page().plot(), Qt::Key_Left);
        QVERIFY(f.textOf("tprDetail").startsWith(QStringLiteral("2 of 3")));
        f.page().histogram()->setFocus();
        QTest::keyClick(f.page().histogram(), Qt::Key_Left);
        QVERIFY(f.textOf("tprDetail").startsWith(QStringLiteral("3 of 3")));
        f.page().table()->selectRow(1);
        QCOMPARE(f.textOf("operatingName").left(4), QStringLiteral("poor"));
        f.page().table()->selectRow(0);
        QVERIFY(f.textOf("tprDetail").startsWith(QStringLiteral("3 of 3")));  // each keeps its own
    }

    void hideRemoveUndo() {
        RocPageFixture f;
        f.page().openFile(ui::toPath(f.writeScores(kTwoDetectors)));
        QTRY_COMPARE(f.page().model()->rowCount(), 2);
        Q_EMIT f.page().plot()->seriesToggled(f.page().model()->row(1)->id);
        QVERIFY(!f.page().model()->row(1)->visible);
        f.page().table()->selectRow(0);
        f.page().setThreshold(0.5, ui::ThresholdOrigin::Typed);
        f.find<QAction>("rocRemoveAction")->trigger();
        QCOMPARE(f.page().model()->rowCount(), 1);
        QCOMPARE(f.textOf("operatingName").left(4), QStringLiteral("poor"));
        f.find<QAction>("rocUndoAction")->trigger();
        QCOMPARE(f.page().model()->rowCount(), 2);
        QCOMPARE(f.page().model()->row(0)->threshold, 0.5);
        QCOMPARE(f.page().model()->row(0)->slot, 0);
        f.page().table()->selectAll();
        f.find<QAction>("rocRemoveAction")->trigger();
        QCOMPARE(f.page().model()->rowCount(), 0);
        QVERIFY(f.find<QPushButton>("rocEmptyrocMeasureButton")->isVisible());
    }

    void exports_data() {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("PNG") << "rocExport-png" << QByteArray("\x89PNG");
        QTest::newRow("PDF") << "rocExport-pdf" << QByteArray("%PDF");
        QTest::newRow("curves") << "rocExport-csv" << QByteArray("detector,threshold,true_positives");
        QTest::newRow("scores") << "rocExport-scores" << QByteArray("score,label,detector,path\n");
    }
    void exports() {
        QFETCH(QString, action);
        QFETCH(QByteArray, begin);
        RocPageFixture f;
        f.page().openFile(ui::toPath(f.writeScores(kTwoDetectors)));
        QTRY_COMPARE(f.page().model()->rowCount(), 2);
        const QString to = f.path(QStringLiteral("out"));
        ui::FileDialogs::setNextFileNames({to});
        f.find<QAction>(qPrintable(action))->trigger();
        QTRY_VERIFY(f.notice().startsWith(QStringLiteral("Written")));
        QFile file(to);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.read(100).startsWith(begin));
        if (action == QLatin1String("rocExport-scores")) {
            f.page().openFile(ui::toPath(to));
            QTRY_COMPARE(f.page().model()->rowCount(), 4);
            QCOMPARE(f.page().model()->row(2)->detector->roc.auc,
                     f.page().model()->row(0)->detector->roc.auc);
        }
        ui::FileDialogs::setNextFileNames({QStringLiteral("/nowhere/out")});
        f.find<QAction>(qPrintable(action))->trigger();
        QTRY_VERIFY(f.notice().startsWith(QStringLiteral("The export failed")));
    }

    void foldersAreMeasured() {
        RocPageFixture f;
        f.writeFolders(4, 5);
        writeText(f.path(QStringLiteral("signed/broken.png")), "no picture");
        f.drop({f.path(QStringLiteral("unsigned")), f.path(QStringLiteral("signed"))});
        QCOMPARE(f.page().measurePanel()->signedFolder(), f.path(QStringLiteral("signed")));
        QCOMPARE(f.page().measurePanel()->unsignedFolder(), f.path(QStringLiteral("unsigned")));
        f.measure();
        QCOMPARE(f.page().model()->rowCount(), 2);
        QVERIFY2(f.notice().contains(QStringLiteral("4 signed and 5 unsigned")), qPrintable(f.notice()));
        QVERIFY(f.find<QLabel>("rocNoticeDetails")->text().contains(QStringLiteral("broken.png")));
        QCOMPARE(f.find<QLineEdit>("thresholdEdit")->text(), QStringLiteral("2"));  // the model's
        QVERIFY(f.textOf("thresholdOrigin").contains(QStringLiteral("set apart")));
        QVERIFY(f.textOf("calibrationReason").contains(QStringLiteral("at least 600")));
        f.click("balancedButton");
        QVERIFY(f.textOf("thresholdOrigin").contains(QStringLiteral("Chosen on these same images")));
        f.click("calibratedButton");
        QVERIFY(f.textOf("thresholdOrigin").contains(QStringLiteral("set apart")));
    }

    /// Images are called as the models do: a classifier knows nothing of signatures.
    void imagesAreCalledAsTheirModelsDo() {
        RocPageFixture f;
        f.control->classifierModel = true;
        f.services->refreshCatalogue();
        auto* models = f.find<QListWidget>("measureModels");
        QTRY_COMPARE(models->count(), 3);
        QCOMPARE(models->item(2)->text(), QStringLiteral("fake-classifier"));
        QCOMPARE(models->item(2)->checkState(), Qt::Unchecked);
        QCOMPARE(f.textOf("signedFolderLabel"), QStringLiteral("Signed images"));
        QCOMPARE(f.textOf("unsignedFolderLabel"), QStringLiteral("Unsigned images"));
        models->item(2)->setCheckState(Qt::Checked);
        QCOMPARE(f.textOf("signedFolderLabel"), QStringLiteral("Positive images"));
        for (int row : {0, 1}) models->item(row)->setCheckState(Qt::Unchecked);
        QCOMPARE(f.textOf("signedFolderLabel"), QStringLiteral("\"drawn\" images"));
        QCOMPARE(f.find<QLineEdit>("unsignedFolder")->accessibleName(),
                 QStringLiteral("Folder of \"real\" images"));

        f.writeFolders(4, 5);
        QVERIFY(QDir(f.folder.path()).rename(QStringLiteral("signed"), QStringLiteral("all drawn")));
        QVERIFY(QDir(f.folder.path()).rename(QStringLiteral("unsigned"), QStringLiteral("all real")));
        f.drop({f.path(QStringLiteral("all real")), f.path(QStringLiteral("all drawn"))});
        QCOMPARE(f.page().measurePanel()->signedFolder(), f.path(QStringLiteral("all drawn")));
        f.click("measureStartButton");
        QTRY_VERIFY_WITH_TIMEOUT(!f.services->roc().isMeasuring(), kMeasuredWithinMs);
        QVERIFY2(f.notice().contains(QStringLiteral("4 \"drawn\" and 5 \"real\" images")),
                 qPrintable(f.notice()));
        QVERIFY(f.textOf("operatingSet").startsWith(QStringLiteral("4 \"drawn\", 5 \"real\"")));
        QVERIFY(f.textOf("calibrationReason").contains(QStringLiteral("4 \"drawn\", 5 \"real\"")));
        QVERIFY(
            f.find<QLineEdit>("thresholdEdit")->toolTip().contains(QStringLiteral("counts as \"drawn\"")));
        QVERIFY(f.page().histogram()->accessibleDescription().contains(QStringLiteral("5 \"real\" scores")));
        const auto heading = [&](ui::DetectorModel::Column column) {
            return f.page().model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        };
        QCOMPARE(heading(ui::DetectorModel::SignedColumn), QStringLiteral("\"drawn\""));
        for (const QLabel* label : f.page().findChildren<QLabel*>())
            QVERIFY2(!label->isVisible() || !label->text().contains(QStringLiteral("signed")),
                     qPrintable(label->text()));

        f.page().openFile(ui::toPath(f.writeScores(kTwoDetectors)));
        QTRY_COMPARE(f.page().model()->rowCount(), 3);
        QCOMPARE(heading(ui::DetectorModel::SignedColumn), QStringLiteral("Positive"));
        QCOMPARE(heading(ui::DetectorModel::UnsignedColumn), QStringLiteral("Negative"));
    }

    /// A keyed signature has its own threshold, which no measurement moves.
    void keyedSignaturesNeedNoCalibration() {
        RocPageFixture f;
        f.control->keyedModel = true;
        f.services->refreshCatalogue();
        QTRY_COMPARE(f.find<QListWidget>("measureModels")->count(), 3);
        f.writeFolders(3, 3);
        f.measure();
        QTRY_COMPARE(f.page().model()->rowCount(), 3);
        f.page().table()->selectRow(2);
        QCOMPARE(f.page().model()->row(2)->detector->model, std::string("fake-keyed"));
        QCOMPARE(f.find<QLineEdit>("thresholdEdit")->text(), QStringLiteral("6"));
        QVERIFY(f.textOf("thresholdOrigin").contains(QStringLiteral("a p-value")));
        QVERIFY(f.find<QPushButton>("calibratedButton")->isEnabled());
        QVERIFY(!f.find<QPushButton>("saveCalibrationButton")->isEnabled());
        QVERIFY(f.textOf("calibrationReason").contains(QStringLiteral("needs no calibration")));
    }

    void measuringCanBeStopped() {
        RocPageFixture f;
        f.writeFolders(3, 3);
        QTRY_VERIFY(f.services->catalogue());
        f.control->hold = true;
        f.page().measurePanel()->setFolders(f.path(QStringLiteral("signed")),
                                            f.path(QStringLiteral("unsigned")));
        f.find<QAction>("rocMeasureAction")->trigger();
        f.click("measureStartButton");
        QTRY_VERIFY(f.control->checks > 0);
        QTRY_VERIFY(f.find<QLabel>("measureProgressText")->toolTip().startsWith(QStringLiteral("Measuring")));
        QVERIFY(f.find<QPushButton>("measureStopButton")->isVisible());
        f.find<QAction>("rocStopAction")->trigger();
        QTRY_VERIFY(!f.services->roc().isMeasuring());
        QVERIFY(f.notice().contains(QStringLiteral("stopped")));
        QVERIFY(f.find<QPushButton>("measureStartButton")->isVisible());
    }

    void missingFolderIsExplained() {
        RocPageFixture f;
        f.measure();
        QTRY_VERIFY(f.notice().contains(QStringLiteral("is not there")));
    }

    void calibrationIsSaved_data() {
        QTest::addColumn<bool>("confirm");
        QTest::newRow("confirmed") << true;
        QTest::newRow("not") << false;
    }
    void calibrationIsSaved() {
        QFETCH(bool, confirm);
        RocPageFixture f;
        const fs::path model = ui::toPath(f.path(QStringLiteral("model")));
        fs::copy(dataFolder() / "models/photo-presence", model, fs::copy_options::recursive);
        f.control->modelFolder = model;
        f.services->refreshCatalogue();
        QTRY_VERIFY(f.services->media().isIdle());
        f.writeFolders(600, 601);
        f.measure();
        QVERIFY2(f.find<QPushButton>("saveCalibrationButton")->isEnabled(),
                 qPrintable(f.textOf("calibrationReason")));
        f.page().setThreshold(1.25, ui::ThresholdOrigin::Typed);
        const Bytes before = readFile(model / "calibration.json");
        f.click("saveCalibrationButton");
        QVERIFY(f.find<QPushButton>("calibrationNoButton")->isVisible());
        QCOMPARE(f.textOf("calibrationOld1"), QStringLiteral("2"));
        QCOMPARE(f.textOf("calibrationNew1"), QStringLiteral("1.25"));
        QVERIFY(f.textOf("calibrationNew3").startsWith(QStringLiteral("0 of 601, up to 0.50 %")));
        f.click(confirm ? "calibrationYesButton" : "calibrationNoButton");
        QVERIFY(!f.find<QPushButton>("calibrationNoButton")->isVisible());
        QTRY_VERIFY(f.services->roc().isIdle());
        if (!confirm) {
            QVERIFY(readFile(model / "calibration.json") == before);
            return;
        }
        QTRY_VERIFY(f.notice().contains(QStringLiteral("is kept as calibration-2")));
        const auto manifest = models::findModel(model.string(), {});
        QCOMPARE(models::loadCalibration(manifest)->threshold, 1.25);
        int kept = 0;
        for (const auto& entry : fs::directory_iterator(model))
            kept += entry.path().filename().string().starts_with("calibration-") &&
                    readFile(entry.path()) == before;
        QCOMPARE(kept, 1);
        const int made = f.control->enginesMade;
        QCOMPARE(made, 1);
        f.services->examine().enqueue(ui::toPath(f.path(QStringLiteral("signed/0.bmp"))));
        QTRY_VERIFY(f.services->examine().isIdle());
        QCOMPARE(f.control->enginesMade.load(), 2);  // made anew: it goes by the new calibration
    }

    void realModelsAreMeasured() {
        QTemporaryDir folder;
        const fs::path root = ui::toPath(folder.path());
        const fs::path samples = dataFolder() / "resources/samples";
        for (const char* name : {"signed", "unsigned"}) fs::create_directories(root / name);
        fs::copy_file(samples / "astronaut-signed.jpg", root / "signed/a.jpg");
        fs::copy_file(samples / "camera.png", root / "unsigned/b.png");
        ui::Services services(ui::coreBackend(root / "workspace"), root / "workspace");
        ui::PageRequests requests;
        ui::RocPage page(services, requests);
        page.resize(900, 600);
        page.show();
        services.refreshCatalogue();
        QTRY_VERIFY(services.catalogue());
        page.measurePanel()->setFolders(folder.filePath(QStringLiteral("signed")),
                                        folder.filePath(QStringLiteral("unsigned")));
        page.showMeasurePanel(true);
        QTRY_VERIFY(page.findChild<QPushButton*>(QStringLiteral("measureStartButton"))->isEnabled());
        Q_EMIT page.measurePanel()->startWanted();
        QTRY_VERIFY_WITH_TIMEOUT(!services.roc().isMeasuring(), kMeasuredWithinMs);
        QCOMPARE(page.model()->rowCount(), 1);  // one model examines by default
        QCOMPARE(page.model()->row(0)->detector->roc.auc, 1.0);
        QCOMPARE(page.model()->row(0)->origin, ui::ThresholdOrigin::Calibration);
        QCOMPARE(page.findChild<QLabel*>(QStringLiteral("accuracyValue"))->text(), QStringLiteral("100 %"));
    }

    void settingsAndThemes() {
        RocPageFixture f;
        f.page().openFile(ui::toPath(f.writeScores(kTwoDetectors)));
        QTRY_COMPARE(f.page().model()->rowCount(), 2);
        for (const ui::ThemeMode mode : {ui::ThemeMode::Dark, ui::ThemeMode::Light}) {
            f.theme.setMode(mode);
            QCoreApplication::processEvents();
            const QImage shot =
                f.page().grab().toImage().scaled(1, 1, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
            QCOMPARE(shot.pixelColor(0, 0).lightness() < 128, mode == ui::ThemeMode::Dark);
        }
        f.find<QAction>("rocLogAction")->trigger();
        QVERIFY(f.page().plot()->isLogFpr());
        f.find<QAction>("rocBandsAction")->trigger();
        f.page().measurePanel()->setFolders(QStringLiteral("/a"), QStringLiteral("/b"));
        QSettings settings(f.path(QStringLiteral("s.ini")), QSettings::IniFormat);
        f.page().saveSettings(settings);
        ui::PageRequests requests;
        ui::RocPage second(*f.services, requests);
        second.restoreSettings(settings);
        QVERIFY(second.plot()->isLogFpr());
        QVERIFY(!second.plot()->areBandsVisible());
        QCOMPARE(second.measurePanel()->signedFolder(), QStringLiteral("/a"));
        QCOMPARE(second.measurePanel()->unsignedFolder(), QStringLiteral("/b"));
    }
};

SIGNET_TEST(TestRocPage)
#include "test_roc_page.moc"
