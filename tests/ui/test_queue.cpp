// The queue of the Inspect page: count, search, order, what can be done with its rows.
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include "core/cases/case_types.h"
#include "queue_fixture.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_delegate.h"
#include "ui/inspect/queue_panel.h"
#include "ui/itemmodels/queue_filter.h"
#include "ui/style/widgets.h"

using namespace signet;
using test::modelOf;
using test::waitForAll;
using test::WindowFixture;
using test::writePicture;
using ui::ItemState;

class TestQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cancelledOnesStayInTheCount();
    void queueIsSearchedAndOrdered();
    void contextMenuOfTheQueue();
    void codeIsNeverCut_data();
    void codeIsNeverCut();
    void imagesGoToACase();
};

void TestQueue::cancelledOnesStayInTheCount() {
    WindowFixture fixture;
    auto* rest = fixture.find<QToolButton>("examineRestButton");
    QVERIFY(rest->isHidden());
    fixture.control->hold = true;
    QStringList files;
    for (int i = 0; i < 4; ++i)
        files << writePicture(fixture.folder.path(), QStringLiteral("%1.png").arg(i), 250);
    fixture.drop(files);
    QTRY_COMPARE(modelOf(fixture)->count(ItemState::Examining), 1);
    fixture.find<QAction>("cancelAction")->trigger();
    auto* summary = fixture.find<QLabel>("queueSummary");
    QTRY_COMPARE(summary->text(), QStringLiteral("4 images · 4 cancelled"));
    QVERIFY(rest->isVisible());
    fixture.control->hold = false;
    rest->click();
    QVERIFY(waitForAll(fixture, 4));
    QTRY_COMPARE(summary->text(), QStringLiteral("4 images · 4 done"));
    QVERIFY(rest->isHidden());
}

void TestQueue::queueIsSearchedAndOrdered() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("shot 10.png"), 20),
                  writePicture(fixture.folder.path(), QStringLiteral("shot 9.png"), 150),
                  writePicture(fixture.folder.path(), QStringLiteral("Other.png"), 250),
                  fixture.path(QStringLiteral("vanished.png"))});
    QVERIFY(waitForAll(fixture, 4));
    auto* queue = fixture.window->page<ui::InspectPage>()->queue();
    const auto shown = [&] {
        QStringList names;
        for (int row = 0; row < queue->view()->model()->rowCount(); ++row)
            names << queue->view()->model()->index(row, 0).data().toString().section(QLatin1Char('.'), 0, 0);
        return names.join(QLatin1Char('|'));
    };
    const auto choose = [&](const char* action) { fixture.find<QAction>(action)->trigger(); };
    QCOMPARE(shown(), QStringLiteral("shot 10|shot 9|Other|vanished"));
    choose("queueOrderName");
    QCOMPARE(shown(), QStringLiteral("Other|shot 9|shot 10|vanished"));  // numbers as numbers
    choose("queueOrderAnswer");
    QCOMPARE(shown(), QStringLiteral("Other|shot 9|shot 10|vanished"));
    auto* search = fixture.find<QLineEdit>("queueSearch");
    search->setText(QStringLiteral("3FA21"));  // the code of those that have one
    QCOMPARE(shown(), QStringLiteral("Other|shot 9"));
    QTRY_COMPARE(fixture.find<QLabel>("queueSummary")->text(),
                 QStringLiteral("4 images · 3 done · 1 failed · 2 shown"));
    search->setText(QStringLiteral("shot not"));
    QCOMPARE(shown(), QStringLiteral("shot 10"));
    search->clear();
    choose("queueShowFailed");
    QCOMPARE(shown(), QStringLiteral("vanished"));
    // what is selected is what is shown, whatever its place among all
    choose("queueShowPresent");
    QCOMPARE(shown(), QStringLiteral("Other"));
    queue->view()->selectAll();
    QCOMPARE(queue->selectedRows(), std::vector<int>{2});
    fixture.window->page<ui::InspectPage>()->showRow(0);  // hidden: everything is shown again
    QCOMPARE(queue->currentRow()->path.filename(), std::filesystem::path("shot 10.png"));
    QCOMPARE(queue->view()->model()->rowCount(), 4);
    choose("queueOrderAdded");
    QCOMPARE(shown(), QStringLiteral("shot 10|shot 9|Other|vanished"));
}

void TestQueue::contextMenuOfTheQueue() {
    WindowFixture fixture;
    const QListView* view = fixture.window->page<ui::InspectPage>()->queue()->view();
    QCOMPARE(view->contextMenuPolicy(), Qt::ActionsContextMenu);
    QStringList names;
    for (const QAction* action : view->actions()) names << action->objectName();
    for (const char* name : {"examineAgainAction", "addToCaseAction", "compareAction", "counterpartAction",
                             "copyRowsAction", "copyCsvAction", "removeRowsAction"})
        QVERIFY2(names.contains(QLatin1String(name)), name);
}

void TestQueue::codeIsNeverCut_data() {
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("code");
    QTest::newRow("found") << "signature found · code 3fa21b90 (unverified)"
                           << "3fa21b90 (unverified)";
    QTest::newRow("long") << "signature found · code 3fa21b903fa21b903fa21b90"
                          << "3fa21b903fa21b903fa21b90";
    QTest::newRow("with more after it") << "inconclusive · code 00c0ffee · 3 warnings"
                                        << "00c0ffee";
    QTest::newRow("none") << "The file could not be read, because it ends early."
                          << "";
}

void TestQueue::codeIsNeverCut() {
    QFETCH(QString, result);
    QFETCH(QString, code);
    const QFontMetrics metrics(QApplication::font());
    const int whole = metrics.horizontalAdvance(result);
    QCOMPARE(ui::withWholeCode(result, code, metrics, whole), result);
    for (int width = metrics.horizontalAdvance(code) + 1; width < whole; width += 7) {
        const QString shown = ui::withWholeCode(result, code, metrics, width);
        QVERIFY2(shown.contains(code), qPrintable(shown));
        QVERIFY2(metrics.horizontalAdvance(shown) <= width, qPrintable(shown));
    }
}

void TestQueue::imagesGoToACase() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("a.png"), 250),
                  writePicture(fixture.folder.path(), QStringLiteral("b.png"), 20),
                  writePicture(fixture.folder.path(), QStringLiteral("c.png"), 90)});
    QVERIFY(waitForAll(fixture, 3));
    auto* queue = fixture.window->page<ui::InspectPage>()->queue();
    auto* add = fixture.find<QAction>("addToCaseAction");
    queue->view()->selectAll();
    QTRY_VERIFY(add->isEnabled());
    // no case is open: it is asked for, and takes them in
    add->trigger();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("cases"));
    auto* notice = fixture.find<ui::NoticeBar>("caseNotice");
    QVERIFY2(notice->text().startsWith(QStringLiteral("3 images for a case")), qPrintable(notice->text()));
    fixture.services->cases().setExaminer("A. Turing");
    cases::CaseInfo info;
    info.title = "May";
    info.examiner = "A. Turing";
    fixture.services->cases().create(ui::toPath(fixture.path(QStringLiteral("one.case"))).string(), info);
    auto* exhibits = fixture.window->page<ui::CasePage>()->view()->model();
    QTRY_COMPARE(exhibits->rowCount(), 3);
    // the open one gets more, without leaving the queue
    fixture.window->showPage(QStringLiteral("inspect"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("d.png"), 30)});
    QVERIFY(waitForAll(fixture, 4));
    queue->select(3);
    QTRY_VERIFY(add->isEnabled());
    add->trigger();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("inspect"));
    QVERIFY(fixture.find<ui::NoticeBar>("inspectNotice")->text().contains(QStringLiteral("“May”")));
    QTRY_COMPARE(exhibits->rowCount(), 4);
    QTRY_VERIFY(fixture.services->cases().isIdle());
}

SIGNET_TEST(TestQueue)
#include "test_queue.moc"
