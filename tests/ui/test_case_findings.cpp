// Findings and recorded results of an exhibit, in the real window on real SQLite cases: status, comment and
// region, changed and removed; run again with its parameters; the recorded evidence map.
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QSpinBox>
#include <QToolButton>
#include <cmath>

#include "case_fixture.h"
#include "core/base/hashing.h"
#include "core/cases/match.h"
#include "core/examine/findings.h"
#include "core/examine/record_json.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/exhibit_findings.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/exhibit_results.h"
#include "ui/cases/finding_region.h"
#include "ui/cases/recorded_map.h"
#include "ui/page/finding_card.h"
#include "ui/style/elided_label.h"
#include "ui/style/theme.h"
#include "ui/viewer/region_canvas.h"

using namespace signet;
using test::CaseFixture;

class TestCaseFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void addedChangedRemoved();
    void regionByMouseAndNumbers();
    void runAgainUsesTheParameters();
    void recordedMapIsShown();
    void resultsFollowTheTheme();
    void recordedFindingsReadBack();
    void checkedCodesAreEqualOrNot_data();
    void checkedCodesAreEqualOrNot();
};

void TestCaseFindings::addedChangedRemoved() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    f.view()->panel()->showTab(ui::ExhibitPanel::Findings);
    f.find<QLineEdit>("findingComment")->setText(QStringLiteral("sky was repeated"));
    f.find<QPushButton>("findingAddButton")->click();
    QTRY_VERIFY(f.find<QLabel>("findingCommentText"));
    QCOMPARE(f.store().findings().of(1).front().comment, std::string("sky was repeated"));
    QCOMPARE(f.store().findings().of(1).front().author, std::string("A. Turing"));
    f.find<QToolButton>("editFindingButton")->click();
    QCOMPARE(f.find<QLineEdit>("findingComment")->text(), QStringLiteral("sky was repeated"));
    auto* status = f.find<QComboBox>("findingStatus");
    status->setCurrentIndex(status->findData(static_cast<int>(cases::FindingStatus::Warning)));
    f.find<QLineEdit>("findingComment")->setText(QStringLiteral("the sky was repeated"));
    f.find<QPushButton>("findingAddButton")->click();
    QTRY_COMPARE(f.store().findings().of(1).front().comment, std::string("the sky was repeated"));
    QVERIFY(f.store().findings().of(1).front().status == cases::FindingStatus::Warning);
    QCOMPARE(f.store().findings().of(1).size(), std::size_t{1});
    QVERIFY(f.settled());
    // leaving the form changes nothing
    f.find<QToolButton>("editFindingButton")->click();
    f.find<QLineEdit>("findingComment")->setText(QStringLiteral("not this"));
    f.find<QToolButton>("findingCancelButton")->click();
    QVERIFY(f.find<QLineEdit>("findingComment")->text().isEmpty());
    QCOMPARE(f.store().findings().of(1).front().comment, std::string("the sky was repeated"));
    f.find<QToolButton>("removeFindingButton")->click();
    QTRY_VERIFY(f.store().findings().of(1).empty());
}

void TestCaseFindings::regionByMouseAndNumbers() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    QVERIFY(f.settled());
    f.view()->panel()->showTab(ui::ExhibitPanel::Findings);
    f.find<QToolButton>("findingRegionButton")->click();
    auto* canvas = f.find<ui::RegionCanvas>("findingCanvas");
    QTRY_VERIFY(canvas->isVisible() && canvas->hasImage());
    const auto at = [&](double x, double y) { return canvas->toWidget(QPointF(x, y)).toPoint(); };
    QTest::mousePress(canvas, Qt::LeftButton, {}, at(8.2, 6.2));
    QTest::mouseMove(canvas, at(20, 20));
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, at(31.6, 29.6));
    QRect drawn = f.find<ui::FindingRegion>("findingRegion")->region();
    QVERIFY2(std::abs(drawn.x() - 8) <= 1 && std::abs(drawn.right() - 31) <= 1,
             qPrintable(ui::regionText(drawn)));
    f.find<QSpinBox>("findingRegionX")->setValue(10);
    f.find<QSpinBox>("findingRegionY")->setValue(5);
    f.find<QSpinBox>("findingRegionWidth")->setValue(9999);  // ends with the image
    f.find<QSpinBox>("findingRegionHeight")->setValue(20);
    f.find<QLineEdit>("findingComment")->setText(QStringLiteral("here"));
    f.find<QPushButton>("findingAddButton")->click();
    QTRY_COMPARE(f.store().findings().of(1).size(), std::size_t{1});
    QCOMPARE(f.store().findings().of(1).front().region, Json::array({10, 5, 54, 20}));
    QTRY_VERIFY(f.find<QToolButton>("showFindingRegionButton"));
    QVERIFY(f.settled());
    f.find<QToolButton>("showFindingRegionButton")->click();
    QVERIFY(canvas->isVisible());
    QCOMPARE(f.find<ui::FindingRegion>("findingRegion")->region(), QRect(10, 5, 54, 20));
    // dragged from outside it ends at the image's edge
    canvas->zoomToFit();
    QTest::mousePress(canvas, Qt::LeftButton, {}, at(60, 40));
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, at(64, 48) + QPoint(30, 30));
    drawn = f.find<ui::FindingRegion>("findingRegion")->region();
    QCOMPARE(drawn.right(), 63);
    QCOMPARE(drawn.bottom(), 47);
    QVERIFY(ui::regionOf(Json::array({1, 2, 3})).isEmpty());
    QVERIFY(ui::regionOf(Json::array({"a", 2, 3, 4})).isEmpty());
    QVERIFY(ui::regionJson({}).is_null());
}

void TestCaseFindings::runAgainUsesTheParameters() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    f.examineAll();
    cases::Finding finding;
    finding.exhibit = 1;
    finding.comment = "one model";
    finding.params = {{"models", Json::array({"fake-code32"})}, {"tiles", true}, {"frame", 1}};
    f.services->cases().saveFinding(finding);
    QVERIFY(f.settled());
    f.view()->panel()->showTab(ui::ExhibitPanel::Findings);
    QVERIFY(
        f.find<QLabel>("findingOrigin")->text().contains(QStringLiteral("models fake-code32; tiles true")));
    // what waits otherwise goes on waiting
    f.services->cases().close();
    f.store().work().enqueue({3});
    f.window->page<ui::CasePage>()->openCase(f.caseFile());
    QTRY_COMPARE(f.model()->count(cases::WorkState::Waiting), 1);
    QVERIFY(f.settled());
    f.view()->select(1);
    QTRY_VERIFY(f.find<QToolButton>("findingAgainButton"));
    QVERIFY(f.settled());
    f.find<QToolButton>("findingAgainButton")->click();
    QVERIFY(f.services->cases().work());
    QVERIFY(f.settled());
    QCOMPARE(f.noticeText("caseNotice"), QString());
    QCOMPARE(f.store().results().examinations(1).size(), std::size_t{2});
    QCOMPARE(f.store().results().examinations(1).back().params, finding.params);
    QCOMPARE(f.model()->count(cases::WorkState::Waiting), 1);
    QCOMPARE(f.store().results().examinations(3).size(), std::size_t{1});
}

void TestCaseFindings::recordedMapIsShown() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    const std::string map = "artifacts/" + std::string(64, 'a') + ".aaaaaaaa.fake-code32.png";
    {
        auto store = f.store();
        const auto taken = store.work().claim("w", 100, 1);
        QVERIFY(taken);
        std::filesystem::create_directories(store.folder() / "artifacts");
        const auto file = store.folder() / map;
        QImage picture(300, 200, QImage::Format_RGB32);
        picture.fill(Qt::darkGreen);
        QVERIFY(picture.save(ui::fromPath(file)));
        cases::Examination x;
        x.exhibit = 1;
        x.done = true;
        examine::Finding finding;
        finding.model = "fake-code32";
        finding.scoreLogit = -3.5;
        finding.threshold = 1.5;
        finding.presence = examine::Presence::Absent;
        x.record.findings = {finding};
        cases::Artifact artifact{0, 0, "heatmap", map, hashFile(file).sha256};
        QVERIFY(store.work().finish(x, std::span(&artifact, 1), "w"));
    }
    f.view()->select(2);
    f.view()->select(1);
    QTRY_VERIFY(f.find<ui::RecordedMap>("recordedMap") &&
                f.find<ui::RecordedMap>("recordedMap")->hasPicture());
    QVERIFY(f.find<QLabel>("recordedMapPicture")->isVisible());
    QCOMPARE(f.find<ui::ElidedLabel>("exhibitArtifact")->fullText(),  // not the copy's 64 digits
             QStringLiteral("Evidence map of fake-code32"));
    // changed behind the case's back: said, not shown
    QImage other(300, 200, QImage::Format_RGB32);
    other.fill(Qt::red);
    QVERIFY(other.save(ui::fromPath(f.store().folder() / map)));
    f.view()->select(2);
    QVERIFY(f.settled());
    f.view()->select(1);
    QTRY_VERIFY(f.find<QLabel>("recordedMapNote") &&
                f.find<QLabel>("recordedMapNote")->text().contains(QStringLiteral("not what was recorded")));
    QVERIFY(!f.find<QLabel>("recordedMapPicture")->isVisible());
}

void TestCaseFindings::resultsFollowTheTheme() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    f.examineAll();
    QTRY_VERIFY(f.find<QWidget>("findingCard_fake-code32"));
    f.theme.setMode(ui::ThemeMode::Light);
    QCoreApplication::processEvents();
    const auto symbol = [&] { return f.find<QLabel>("presenceSymbol")->pixmap().toImage(); };
    QTest::qWait(0);
    const QImage light = symbol();
    f.theme.setMode(ui::ThemeMode::Dark);
    QTRY_VERIFY(symbol() != light);
    f.theme.setMode(ui::ThemeMode::Light);
    QTRY_COMPARE(symbol(), light);
}

void TestCaseFindings::recordedFindingsReadBack() {
    examine::Record record;
    examine::Finding finding;
    finding.model = "m";
    finding.presence = examine::Presence::Present;
    finding.scoreLogit = 3.5;
    finding.threshold = 2;
    finding.falsePositiveRate = {0, 0.0049, 612, "photographs"};
    finding.outside = std::vector<std::string>{"it is hardly a photograph"};
    examine::CodeReading code;
    code.hex = "a5";
    code.bits = 8;
    code.bitConfidence = {0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.6};
    finding.code = code;
    finding.geometriesTried = 12;
    record.findings = {finding};
    examine::Finding read = examine::recordFromJson(examine::toJson(record)).findings.at(0);
    QVERIFY(read.presence == examine::Presence::Present);
    QCOMPARE(read.scoreLogit, 3.5);
    QCOMPARE(read.falsePositiveRate.n, 612);
    QCOMPARE(read.falsePositiveRate.measuredOn, finding.falsePositiveRate.measuredOn);
    QVERIFY(read.outside == finding.outside);
    QVERIFY(ui::falsePositiveText(read).contains(QStringLiteral("outside the calibration: it is hardly")));
    read.outside->clear();
    QVERIFY(ui::falsePositiveText(read).contains(QStringLiteral("0 of 612 photographs")));
    QCOMPARE(read.geometriesTried, 12);
    QVERIFY(read.code);
    QCOMPARE(read.code->bitConfidence.size(), std::size_t{8});
    QVERIFY(read.code->bitLogits[0] > 0 && read.code->bitLogits[1] < 0);
    examine::CodeMatch match;
    match.holder = "A. Noether";
    match.matched = 31;
    match.bits = 32;
    match.log10PCorrected = std::log10(2.3e-9);
    match.searched = 5;
    match.geometriesTried = 12;
    QCOMPARE(
        ui::matchText(match),
        QStringLiteral("31 of 32 bits as registered for A. Noether; p 2.3e-09, corrected for 5 registered "
                       "codes and 12 geometries tried"));
    match.weighed = match.contradicted = true;
    match.log10PErrors = std::log10(0.00085);
    const QString contradicted = ui::matchText(match);
    QVERIFY2(
        contradicted.startsWith(QStringLiteral("No registered code matches. Near that of A. Noether, but "
                                               "differs in bits read with certainty")) &&
            contradicted.endsWith(QStringLiteral("a chance of 8.5e-04")),
        qPrintable(contradicted));
}

void TestCaseFindings::checkedCodesAreEqualOrNot_data() {
    QTest::addColumn<int>("matched");
    QTest::addColumn<bool>("isShared");
    QTest::addColumn<QString>("text");
    QTest::newRow("equal")
        << 32 << false
        << "The code registered for A. %2: all 32 bits agree; compared with 5 registered codes";
    QTest::newRow("of two holders") << 32 << true
                                    << "Registered for more than one holder: A. %2, B. No match is named; "
                                       "compared with 5 registered codes";
    QTest::newRow("near")
        << 31 << false
        << "No registered code: a code whose check holds is equal to one or is another one. "
           "Nearest: A. %2, 31 of 32 bits; compared with 5 registered codes";
}

/// Chance and the sureness of bits are no question where the check of a code holds.
void TestCaseFindings::checkedCodesAreEqualOrNot() {
    QFETCH(int, matched);
    QFETCH(bool, isShared);
    QFETCH(QString, text);
    examine::CodeMatch match;
    match.checked = true;
    match.holder = "A. %2";
    match.matched = matched;
    match.bits = 32;
    match.searched = 5;
    match.geometriesTried = 12;
    match.setChances();
    if (isShared) match.rivals.push_back({"B", "0c0ffee1", 32, false});
    QCOMPARE(ui::matchText(match), text);
}

SIGNET_TEST(TestCaseFindings)
#include "test_case_findings.moc"
