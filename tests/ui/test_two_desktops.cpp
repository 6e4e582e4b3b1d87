// Two desktops on one case file: two whole windows, each with its own threads and connections.
#include <QAction>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <set>

#include "core/cases/case_store.h"
#include "core/cases/verify.h"
#include "tests/support/test_program.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/copy_table_view.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using test::writePicture;

namespace {

constexpr int kSeenWithinMs = 60'000;
constexpr int kSharedExhibits = 24;

class Desktop : public WindowFixture {
public:
    explicit Desktop(const QString& examiner) {
        window->showPage(QStringLiteral("cases"));
        services->cases().setExaminer(examiner.toStdString());
    }
    ui::CaseView* view() const { return window->page<ui::CasePage>()->view(); }
    bool settled() const {
        return QTest::qWaitFor([this] { return services->cases().isIdle(); }, kSeenWithinMs);
    }
    void open(const QString& file) {
        services->cases().open(file.toStdString());
        QVERIFY(QTest::qWaitFor([this] { return view()->isVisible(); }, kSeenWithinMs));
        QVERIFY(settled());
    }
    void reload() {
        find<QAction>("reloadCaseAction")->trigger();
        QVERIFY(settled());
    }
    QStringList pictures(const QString& name, int count) const {
        QStringList files;
        for (int i = 0; i < count; ++i)
            files << writePicture(folder.path(), QStringLiteral("%1 %2.png").arg(name).arg(i), 20 + 7 * i);
        return files;
    }
};

}  // namespace

class TestTwoDesktops : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bothWorkOnOneCase();
};

void TestTwoDesktops::bothWorkOnOneCase() {
    Desktop ada(QStringLiteral("Ada"));
    Desktop emmy(QStringLiteral("Emmy"));
    const QString file = ada.path(QStringLiteral("one.case"));
    cases::CaseInfo info;
    info.title = "Shared";
    ada.services->cases().create(file.toStdString(), info);
    QVERIFY(QTest::qWaitFor([&] { return ada.view()->isVisible(); }, kSeenWithinMs));
    emmy.open(file);

    // both take in at once; two pictures are the same on both sides
    ada.drop(ada.pictures(QStringLiteral("a"), kSharedExhibits / 2));
    emmy.drop(emmy.pictures(QStringLiteral("b"), kSharedExhibits / 2));
    QTRY_COMPARE_WITH_TIMEOUT(ada.view()->model()->rowCount(), kSharedExhibits / 2, kSeenWithinMs);
    QTRY_COMPARE_WITH_TIMEOUT(emmy.view()->model()->rowCount(), kSharedExhibits / 2, kSeenWithinMs);
    QVERIFY(ada.settled() && emmy.settled());
    ada.reload();
    emmy.reload();
    QCOMPARE(ada.view()->model()->rowCount(), kSharedExhibits);
    QCOMPARE(emmy.view()->model()->rowCount(), kSharedExhibits);

    // both examine, tag and write notes at once
    ada.find<QAction>("examineCaseAction")->trigger();
    emmy.find<QAction>("examineCaseAction")->trigger();
    ada.services->cases().setTag({0, "seen by Ada", {}}, {1, 2, 3}, true);
    emmy.services->cases().setTag({0, "seen by Emmy", {}}, {2, 3, 4}, true);
    for (int i = 0; i < 10; ++i) {
        ada.services->cases().setNote(5, "Ada " + std::to_string(i));
        emmy.services->cases().setNote(6, "Emmy " + std::to_string(i));
    }
    QVERIFY(ada.settled() && emmy.settled());

    cases::OpenOptions options;
    options.actor = "test";
    cases::CaseStore store(file.toStdString(), options);
    std::multiset<cases::RowId> examined;
    std::set<std::string> actors;
    for (const cases::AuditEntry& entry : store.audit().entries()) {
        if (entry.action == "examined")
            examined.insert(Json::parse(entry.details).at("evidence").get<cases::RowId>());
        actors.insert(entry.actor);
    }
    QCOMPARE(int(examined.size()), kSharedExhibits);  // each exhibit once, whoever took it
    QCOMPARE(int(std::set<cases::RowId>(examined.begin(), examined.end()).size()), kSharedExhibits);
    QVERIFY(actors.contains("Ada") && actors.contains("Emmy"));
    QCOMPARE(store.exhibits().byId(5).note, std::string("Ada 9"));
    QCOMPARE(store.exhibits().byId(6).note, std::string("Emmy 9"));
    QCOMPARE(store.exhibits().byId(2).tags.size(), std::size_t{2});
    const auto verification = cases::verify(store, {}, {});
    QVERIFY2(verification.ok(),
             verification.problems.empty() ? "" : verification.problems[0].message.c_str());

    // each sees the other's work after reading again
    emmy.reload();
    ada.reload();
    for (const Desktop* desktop : {&ada, &emmy}) {
        QCOMPARE(desktop->view()->model()->count(cases::WorkState::Done), kSharedExhibits);
        QCOMPARE(desktop->view()->model()->exhibit(1).tags.size(), std::size_t{2});
    }
}

SIGNET_TEST(TestTwoDesktops)
#include "test_two_desktops.moc"
