// Reports and exports from the Cases page, in the real window on real SQLite cases: what a final report
// lacks, the preview, saving and its register, stopping, an altered exhibit, the portable export; one case
// examined with the real models.
#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScrollBar>

#include "case_fixture.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/report/portable_export.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/recorded_map.h"
#include "ui/cases/report_form.h"
#include "ui/cases/report_panel.h"
#include "ui/cases/report_preview.h"
#include "ui/itemmodels/report_list_model.h"

using namespace signet;
using test::CaseFixture;

namespace {

const std::pair<const char*, const char*> kAnswers[] = {
    {"number", "2026-17"},      {"organisation", "Laboratory"},        {"location", "as above"},
    {"customer", "Court"},      {"customer_contact", "1 Main Street"}, {"reviewer", "B. Rossi"},
    {"authoriser", "C. Okafor"}};
const std::pair<const char*, const char*> kLongAnswers[] = {{"laboratory_address", "2 Side Street"},
                                                            {"purpose", "Is it signed?"},
                                                            {"item_condition", "on a stick, readable"},
                                                            {"deviations", "none"}};

class ReportFixture : public CaseFixture {
public:
    using CaseFixture::CaseFixture;
    ui::ReportPanel* panel() const { return window->page<ui::CasePage>()->report(); }
    QPushButton* saveButton() const { return find<QPushButton>("reportSaveButton"); }

    /// Two pictures that are examined.
    void examinedCase() {
        newCase();
        drop({test::writePicture(folder.path(), QStringLiteral("signed.png"), 230),
              test::writePicture(folder.path(), QStringLiteral("plain.png"), 20)});
        QVERIFY(QTest::qWaitFor([this] { return model()->rowCount() == 2; }, kWaitMs));
        QVERIFY(settled());
        examineAll();
    }
    void openPanel() {
        find<QAction>("reportCaseAction")->trigger();
        QVERIFY(panel()->isVisible());
        QVERIFY(settled());
    }
    void answerAll() {
        for (const auto& [key, value] : kAnswers)
            window->findChild<QLineEdit*>(QStringLiteral("reportField_") + QLatin1String(key))
                ->setText(QLatin1String(value));
        for (const auto& [key, value] : kLongAnswers)
            window->findChild<QPlainTextEdit*>(QStringLiteral("reportField_") + QLatin1String(key))
                ->setPlainText(QLatin1String(value));
    }
    QString save(const QString& name) {
        ui::FileDialogs::setNextFileNames({path(name)});
        saveButton()->click();
        if (!settled()) qWarning("the report was not done in time");
        return noticeText("reportNotice");
    }
    void choose(const char* combo, const QString& data) {
        auto* box = find<QComboBox>(combo);
        box->setCurrentIndex(box->findData(data));
    }
};

}  // namespace

class TestCaseReportPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void finalNeedsItsFields();
    void previewShowsThePages();
    void savedReportsStandInTheRegister();
    void aStrangeExaminerIsAskedAbout();
    void formatsAndChoices();
    void anAlteredExhibitIsSaid();
    void errorsAreSaidInPlace();
    void stopLeavesNothing();
    void exportOfTaggedExhibits();
    void aCaseOfRealImages();
};

void TestCaseReportPanel::finalNeedsItsFields() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    QVERIFY(f.saveButton()->isEnabled());
    auto* missing = f.find<QLabel>("reportFieldMissing_deviations");
    const auto isMissing = [&] { return missing->property("role").toString() == QStringLiteral("problem"); };
    QVERIFY(!missing->isHidden() && !isMissing());
    const QRect before = missing->geometry();
    f.find<QRadioButton>("reportFinal")->click();
    QVERIFY(!f.saveButton()->isEnabled());
    QVERIFY(isMissing());
    QTRY_COMPARE(missing->geometry(), before);
    QVERIFY(missing->text().contains(QStringLiteral("7.8.2.1 n")));
    QVERIFY(f.find<QLabel>("reportMissing")->text().contains(QStringLiteral("Deviations from the method")));
    f.answerAll();
    QVERIFY2(f.saveButton()->isEnabled(), qPrintable(f.find<QLabel>("reportMissing")->text()));
    QVERIFY(!isMissing());
    f.find<QCheckBox>("reportSection_method")->click();
    QVERIFY(!f.saveButton()->isEnabled());
    f.find<QCheckBox>("reportSection_method")->click();
    const QString text = f.save(QStringLiteral("final.pdf"));
    QVERIFY2(text.contains(QStringLiteral("version 1 (final)")), qPrintable(text));
    const auto reports = f.store().reports().all();
    QCOMPARE(reports.size(), std::size_t{1});
    QCOMPARE(reports.front().status, std::string("final"));
    // the answers were kept in the case, and the exhibits' custody has the report
    QCOMPARE(f.store().info().fields.at("reviewer").get<std::string>(), std::string("B. Rossi"));
    QCOMPARE(f.store().custody().of(1).back().action, std::string("reported"));
}

void TestCaseReportPanel::previewShowsThePages() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    f.find<QPushButton>("reportPreviewButton")->click();
    ui::ReportPreviewView* preview = f.panel()->preview();
    QTRY_VERIFY_WITH_TIMEOUT(preview->pages() > 1, CaseFixture::kWaitMs);
    QTRY_VERIFY_WITH_TIMEOUT(preview->hasPage(0), CaseFixture::kWaitMs);
    preview->verticalScrollBar()->setValue(preview->verticalScrollBar()->maximum());
    QTRY_VERIFY_WITH_TIMEOUT(preview->hasPage(preview->pages() - 1), CaseFixture::kWaitMs);
    QVERIFY(f.settled());
    QVERIFY(f.store().reports().all().empty());  // nothing is recorded
    preview->setFocus();
    QTest::keyClick(preview, Qt::Key_Plus);
    QVERIFY(preview->zoom() > 1);
    QTest::keyClick(preview, Qt::Key_0);
    QCOMPARE(preview->zoom(), 1.0);
    QVERIFY(f.find<QLabel>("reportMissing")->text().contains(QStringLiteral("A final report still needs")));
}

void TestCaseReportPanel::savedReportsStandInTheRegister() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    QString text = f.save(QStringLiteral("one.pdf"));
    const QString file = f.path(QStringLiteral("one.pdf"));
    const std::string sha256 = hashFile(ui::toPath(file)).sha256;
    QVERIFY2(text.contains(ui::toText(sha256)), qPrintable(text));
    QVERIFY(readFile(ui::toPath(file)).size() > 10'000);
    text = f.save(QStringLiteral("two"));  // gets its ending
    QVERIFY2(text.contains(QStringLiteral("version 2 (draft)")), qPrintable(text));
    QVERIFY(QFileInfo::exists(f.path(QStringLiteral("two.pdf"))));
    const ui::ReportListModel* list = f.panel()->reports();
    QCOMPARE(list->rowCount(), 2);
    using List = ui::ReportListModel;
    const auto cell = [&](int row, int column) { return list->index(row, column).data().toString(); };
    QCOMPARE(cell(1, List::HashColumn), ui::toText(sha256));
    QCOMPARE(cell(1, List::StatusColumn), QStringLiteral("draft, replaced by version 2"));
    QCOMPARE(cell(0, List::StatusColumn), QStringLiteral("draft"));
    QCOMPARE(cell(0, List::AuthorColumn), QStringLiteral("A. Turing"));
    // the next can be told which one it replaces
    auto* replaces = f.find<QComboBox>("reportSupersedes");
    replaces->setCurrentIndex(replaces->findData(1));
    f.save(QStringLiteral("three.pdf"));
    QCOMPARE(f.store().reports().all().back().supersedes, 1);
    // replaced by the same name
    text = f.save(QStringLiteral("three.pdf"));
    QVERIFY2(text.contains(QStringLiteral("version 4")), qPrintable(text));
    f.find<QPushButton>("reportPanelBack")->click();
    QVERIFY(f.view()->isVisible());
}

/// A report in the name of somebody who assessed none in the case: nothing is saved before the name is
/// confirmed, and the report says who acted.
void TestCaseReportPanel::aStrangeExaminerIsAskedAbout() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    f.window->findChild<QLineEdit*>(QStringLiteral("reportField_examiner"))
        ->setText(QStringLiteral("Somebody Else"));
    f.choose("reportFormat", QStringLiteral("html"));
    const QString asked = f.save(QStringLiteral("r.html"));
    QVERIFY2(
        asked.contains(QStringLiteral("Somebody Else")) && asked.contains(QStringLiteral("assessed none")),
        qPrintable(asked));
    QVERIFY(!QFile::exists(f.path(QStringLiteral("r.html"))));
    QVERIFY(f.store().reports().all().empty());
    f.find<QAction>("reportConfirmExaminer")->trigger();
    QVERIFY(f.settled());
    QTRY_COMPARE(f.store().reports().all().size(), std::size_t{1});
    QFile html(f.path(QStringLiteral("r.html")));
    QVERIFY(html.open(QIODevice::ReadOnly));
    QVERIFY(QString::fromUtf8(html.readAll())
                .contains(QStringLiteral("took in, examined and assessed none of the exhibits")));
}

void TestCaseReportPanel::formatsAndChoices() {
    ReportFixture f;
    f.examinedCase();
    f.services->cases().setTag({0, "sky", "1"}, {1}, true);
    QVERIFY(f.settled());
    f.openPanel();
    f.choose("reportFormat", QStringLiteral("json"));
    f.find<QRadioButton>("reportTagged")->click();
    QVERIFY(!f.saveButton()->isEnabled());  // no tag is ticked
    f.find<QListWidget>("reportTags")->item(0)->setCheckState(Qt::Checked);
    f.find<QLineEdit>("reportTitle")->setText(QStringLiteral("Of one exhibit"));
    f.find<QLineEdit>("reportBanner")->setText(QStringLiteral("RESTRICTED"));
    f.find<QLineEdit>("reportLogo")->setText(QStringLiteral("/nowhere.png"));
    QVERIFY(!f.saveButton()->isEnabled());
    f.find<QLineEdit>("reportLogo")->clear();
    f.choose("reportScale", QStringLiteral("four-step"));
    QVERIFY(!f.find<QCheckBox>("reportTrainingHistory")->isChecked());
    f.find<QCheckBox>("reportTrainingHistory")->click();
    f.find<QLineEdit>("reportField_reviewer")->setText(QStringLiteral("B. Rossi"));
    f.find<QCheckBox>("reportKeepFields")->setChecked(false);
    const QString text = f.save(QStringLiteral("one.json"));
    QVERIFY2(text.contains(QStringLiteral("on 1 exhibit")), qPrintable(text));
    const Json json = Json::parse(readTextFile(ui::toPath(f.path(QStringLiteral("one.json")))));
    const std::string all = json.dump();
    for (const char* part : {"Of one exhibit", "RESTRICTED", "B. Rossi", "signed.png"})
        QVERIFY2(all.find(part) != std::string::npos, part);
    QVERIFY(json.at("report").at("options").at("trainingHistory").get<bool>());
    QVERIFY(all.find("plain.png") == std::string::npos);
    QVERIFY(!f.store().info().fields.contains("reviewer"));
    for (const char* format : {"html", "csv"}) {
        f.choose("reportFormat", QLatin1String(format));
        f.save(QStringLiteral("one.") + QLatin1String(format));
        QVERIFY(QFileInfo(f.path(QStringLiteral("one.") + QLatin1String(format))).size() > 100);
    }
}

void TestCaseReportPanel::anAlteredExhibitIsSaid() {
    ReportFixture f;
    f.examinedCase();
    QFile copy(ui::fromPath(f.model()->fileOf(f.model()->exhibit(0))));
    QVERIFY(copy.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(copy.open(QIODevice::Append));
    copy.write("x");
    copy.close();
    f.openPanel();
    const QString text = f.save(QStringLiteral("one.pdf"));
    QVERIFY2(text.contains(QStringLiteral("The verification found problems")), qPrintable(text));
    QTRY_VERIFY(f.noticeText("caseIntegrity").contains(QStringLiteral("Exhibit 1 is not what was taken in")));
    // a final one is refused by the core, in words, until a reason is given
    f.answerAll();
    f.find<QRadioButton>("reportFinal")->click();
    const QString refused = f.save(QStringLiteral("final.pdf"));
    QVERIFY2(refused.contains(QStringLiteral("cannot be final yet")), qPrintable(refused));
    QVERIFY(!QFileInfo::exists(f.path(QStringLiteral("final.pdf"))));
    f.find<QLineEdit>("reportAcceptProblems")->setText(QStringLiteral("the court knows"));
    const QString accepted = f.save(QStringLiteral("final.pdf"));
    QVERIFY2(accepted.contains(QStringLiteral("(final)")), qPrintable(accepted));
}

void TestCaseReportPanel::errorsAreSaidInPlace() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    f.find<QComboBox>("reportFormat")->setCurrentIndex(0);
    QString text = f.save(QStringLiteral("no/such/folder/one.pdf"));
    QVERIFY(!text.isEmpty());
    QVERIFY(f.store().reports().all().empty());
    // an exhibit's own file is never the report
    ui::FileDialogs::setNextFileNames({f.caseFile() + QStringLiteral(".files/x.pdf")});
    const std::filesystem::path copy = f.model()->fileOf(f.model()->exhibit(0));
    std::filesystem::create_hard_link(copy, ui::toPath(f.path(QStringLiteral("link.pdf"))));
    text = f.save(QStringLiteral("link.pdf"));
    QVERIFY2(text.contains(QStringLiteral("is an input")), qPrintable(text));
    QVERIFY(f.panel()->isVisible());
}

void TestCaseReportPanel::stopLeavesNothing() {
    ReportFixture f;
    f.examinedCase();
    f.openPanel();
    f.services->cases().verify();  // the report waits behind it, or runs: both can be stopped
    ui::FileDialogs::setNextFileNames({f.path(QStringLiteral("stopped.pdf"))});
    f.services->cases().issueReport(f.panel()->form()->options(),
                                    ui::toPath(f.path(QStringLiteral("stopped.pdf"))));
    f.services->cases().stopFiles();
    QVERIFY(f.settled());
    QVERIFY(!QFileInfo::exists(f.path(QStringLiteral("stopped.pdf"))));
    QVERIFY(f.store().reports().all().empty());
    QVERIFY(f.saveButton()->isEnabled());
    ui::FileDialogs::setNextFileNames({});
}

void TestCaseReportPanel::exportOfTaggedExhibits() {
    ReportFixture f;
    f.examinedCase();
    f.services->cases().setTag({0, "sky", "1"}, {2}, true);
    QVERIFY(f.settled());
    f.find<QAction>("exportCaseAction")->trigger();
    f.find<QRadioButton>("exportTagged")->click();
    QVERIFY(!f.find<QPushButton>("exportSaveButton")->isEnabled());
    f.find<QListWidget>("exportTags")->item(0)->setCheckState(Qt::Checked);
    const auto save = [&](const QString& name) {
        ui::FileDialogs::setNextFileNames({f.path(name)});
        f.find<QPushButton>("exportSaveButton")->click();
        if (!f.settled()) qWarning("the export was not done in time");
        return f.noticeText("exportNotice");
    };
    QString text = save(QStringLiteral("share"));  // gets its ending
    QVERIFY2(text.startsWith(QStringLiteral("1 exhibit")), qPrintable(text));
    const auto zip = ui::toPath(f.path(QStringLiteral("share.zip")));
    const report::ExportVerification found = report::verifyExport(zip, {}, {});
    QVERIFY(found.ok());
    QVERIFY(text.contains(ui::toText(found.manifestSha256)));
    text = save(QStringLiteral("share.zip"));  // not written over
    QVERIFY2(!text.contains(QStringLiteral("exported to")), qPrintable(text));
    f.find<QRadioButton>("exportDirectory")->click();
    text = save(QStringLiteral("folder"));
    QVERIFY2(QFileInfo(f.path(QStringLiteral("folder/manifest.json"))).isFile(), qPrintable(text));
    QCOMPARE(f.store().custody().of(2).back().action, std::string("exported"));
    f.find<QPushButton>("exportBack")->click();
    QVERIFY(f.view()->isVisible());
}

void TestCaseReportPanel::aCaseOfRealImages() {
    ReportFixture f(&ui::coreBackend);
    f.newCase();
    const QString samples = ui::fromPath(dataFolder() / "resources/samples");
    f.drop({samples + QStringLiteral("/chelsea-signed.jpg"), samples + QStringLiteral("/camera.png")});
    QVERIFY(QTest::qWaitFor([&] { return f.model()->rowCount() == 2; }, CaseFixture::kWaitMs));
    QVERIFY(f.settled());
    f.find<QAction>("examineCaseAction")->trigger();
    QVERIFY(QTest::qWaitFor([&] { return f.services->cases().isIdle(); }, 120'000));
    QCOMPARE(f.model()->exhibit(0).presence, std::string("present"));
    f.view()->select(2);
    f.view()->select(1);
    QTRY_VERIFY_WITH_TIMEOUT(
        f.find<ui::RecordedMap>("recordedMap") && f.find<ui::RecordedMap>("recordedMap")->hasPicture(),
        20'000);
    // again with another model
    f.services->cases().examineLike(1, {{"models", Json::array({"photo-code32"})}, {"tiles", false}});
    QVERIFY(QTest::qWaitFor([&] { return f.services->cases().isIdle(); }, 120'000));
    const auto examinations = f.store().results().examinations(1);
    QCOMPARE(examinations.size(), std::size_t{2});
    QCOMPARE(examinations.back().record.findings.size(), std::size_t{1});
    f.openPanel();
    const QString text = f.save(QStringLiteral("real.pdf"));
    QVERIFY2(text.contains(QStringLiteral("on 2 exhibits")), qPrintable(text));
    QVERIFY(readFile(ui::toPath(f.path(QStringLiteral("real.pdf")))).size() > 50'000);
}

SIGNET_TEST(TestCaseReportPanel)
#include "test_case_report_panel.moc"
