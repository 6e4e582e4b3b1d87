// Where the keyboard focus is and that it is seen; that notices move nothing and fields have edges.
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <cmath>
#include <memory>

#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/shell/focus_keeper.h"
#include "ui/shell/navigation_rail.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;

namespace {

const QStringList kPages{QStringLiteral("inspect"),      QStringLiteral("sign"),
                         QStringLiteral("training"),     QStringLiteral("models"),
                         QStringLiteral("cases"),        QStringLiteral("roc"),
                         QStringLiteral("fingerprints"), QStringLiteral("experiments"),
                         QStringLiteral("generators"),   QStringLiteral("about")};

void addPages() {
    QTest::addColumn<QString>("page");
    for (const QString& page : kPages) QTest::newRow(qPrintable(page)) << page;
}

/// Each page with something in it.
void fill(WindowFixture& fixture) {
    fixture.control->keyedModel = true;
    fixture.services->refreshCatalogue();
    QTRY_VERIFY(fixture.services->hasKeyedModel());
    fixture.drop({test::writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QTRY_VERIFY(fixture.find<QAbstractButton>("whyButton"));
    fixture.window->showPage(QStringLiteral("sign"));
    fixture.window->page<ui::SignPage>()->settings()->selectModel(QStringLiteral("fake-keyed"));
    fixture.drop({fixture.path(QStringLiteral("p.png"))});
    fixture.window->showPage(QStringLiteral("training"));
    fixture.find<QAction>("newRunAction")->trigger();
    fixture.window->showPage(QStringLiteral("cases"));
    fixture.find<QAction>("newCaseAction")->trigger();
    fixture.window->showPage(QStringLiteral("roc"));
    fixture.find<QAction>("rocMeasureAction")->trigger();
    fixture.window->showPage(QStringLiteral("experiments"));
    QTRY_VERIFY(!fixture.services->experiments().isReading());
    QTRY_VERIFY(fixture.services->sign().isIdle() && fixture.services->examine().isIdle() &&
                fixture.services->media().isIdle() && !fixture.services->sign().isPreviewing());
}

QWidget* pageOf(const WindowFixture& fixture) {
    return fixture.find<QStackedWidget>("pages")->currentWidget();
}

bool isOnPage(const WindowFixture& fixture, const QWidget* widget) {
    const QWidget* page = pageOf(fixture);
    return widget && (widget == page || page->isAncestorOf(widget));
}

/// What Tab reaches on the page that is shown.
QList<QWidget*> controlsOf(const WindowFixture& fixture) {
    QList<QWidget*> controls;
    for (QWidget* widget : pageOf(fixture)->findChildren<QWidget*>()) {
        if (widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) &&
            !widget->focusProxy())
            controls << widget;
    }
    return controls;
}

double luminance(const QColor& colour) {
    const auto part = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

}  // namespace

class TestFocus : public QObject {
    Q_OBJECT

    std::unique_ptr<WindowFixture> m_filled;

    /// One window with something on each page, for what leaves it as it was; of pages it shows one after the
    /// other.
    WindowFixture& filled() {
        if (!m_filled) {
            m_filled = std::make_unique<WindowFixture>();
            fill(*m_filled);
        }
        return *m_filled;
    }

private Q_SLOTS:
    void cleanupTestCase() {
        if (m_filled) m_filled->theme.setMode(ui::ThemeMode::Light);
        m_filled.reset();
    }

    void staysOnThePage_data() { addPages(); }
    /// A control that has the focus is hidden, disabled or deleted.
    void staysOnThePage() {
        QFETCH(QString, page);
        WindowFixture fixture;
        fill(fixture);
        fixture.window->showPage(page);
        QCoreApplication::processEvents();
        QTRY_VERIFY(isOnPage(fixture, QApplication::focusWidget()));
        const QList<QWidget*> controls = controlsOf(fixture);
        QVERIFY(!controls.isEmpty());
        for (QWidget* control : controls) {
            for (const bool hide : {true, false}) {
                control->setFocus(Qt::TabFocusReason);
                if (QApplication::focusWidget() != control) continue;  // it gives the focus on
                hide ? control->hide() : control->setEnabled(false);
                QTRY_VERIFY2(isOnPage(fixture, QApplication::focusWidget()) || controls.size() == 1,
                             qPrintable(QStringLiteral("%1 %2 in %3, focus %4")
                                            .arg(QLatin1String(control->metaObject()->className()),
                                                 control->objectName(), control->parentWidget()->objectName(),
                                                 QApplication::focusWidget()
                                                     ? QApplication::focusWidget()->objectName()
                                                     : QStringLiteral("none"))));
                hide ? control->show() : control->setEnabled(true);
            }
        }
        if (auto* why = fixture.find<QAbstractButton>("whyButton"); why && why->isVisible()) {
            why->setFocus(Qt::TabFocusReason);
            delete why;
            QTRY_VERIFY(isOnPage(fixture, QApplication::focusWidget()));
        }
    }

    /// The rows above are all pages.
    void coversEveryPage() { QCOMPARE(filled().window->pages(), kPages); }

    /// A click on the rail leads to the page, not to the rail.
    void clickOnTheRail() {
        WindowFixture& fixture = filled();
        QTest::mouseClick(fixture.find<QAbstractButton>("signPageButton"), Qt::LeftButton);
        QCOMPARE(fixture.window->shownPage(), QStringLiteral("sign"));
        QVERIFY(isOnPage(fixture, QApplication::focusWidget()));
    }

    void isSeen_data() {
        QTest::addColumn<QString>("page");
        QTest::addColumn<bool>("dark");
        for (const bool dark : {false, true}) {
            for (const QString& page : kPages)
                QTest::newRow(qPrintable(page + (dark ? " dark" : " light"))) << page << dark;
        }
    }
    void isSeen() {
        QFETCH(QString, page);
        QFETCH(bool, dark);
        WindowFixture& fixture = filled();
        fixture.theme.setMode(dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        fixture.window->showPage(page);
        QCoreApplication::processEvents();
        const QColor accent = ui::meaningColours().accent;
        QVERIFY(contrast(accent, QApplication::palette().color(QPalette::Base)) >= 3);
        QVERIFY(contrast(accent, QApplication::palette().color(QPalette::Window)) >= 3);
        const QWidget* ring = fixture.find<QWidget>("focusRing");
        for (QWidget* control : controlsOf(fixture)) {
            QTest::keyClick(fixture.window.get(), Qt::Key_Shift);
            control->setFocus(Qt::TabFocusReason);
            if (QApplication::focusWidget() != control || control->visibleRegion().isEmpty()) continue;
            QCoreApplication::processEvents();
            QVERIFY2(ring->isVisible(), qPrintable(control->objectName()));
            const QRect around = ring->geometry();
            QVERIFY2(
                around.intersects(QRect(control->mapTo(fixture.window.get(), QPoint()), control->size())),
                qPrintable(control->objectName()));
            // the middle of its edges, as a person sees it
            const QImage shot = fixture.window->grab(around).toImage();
            for (const QPoint& at : {QPoint(around.width() / 2, 1), QPoint(1, around.height() / 2)})
                QVERIFY2(contrast(shot.pixelColor(at), accent) < 1.2, qPrintable(control->objectName()));
        }
    }

    void mouseShowsNoRingButInFields() {
        WindowFixture& fixture = filled();
        fixture.window->showPage(QStringLiteral("sign"));
        const QWidget* ring = fixture.find<QWidget>("focusRing");
        QTest::mouseClick(fixture.find<QWidget>("signTable"), Qt::LeftButton);
        fixture.find<QWidget>("signTable")->setFocus(Qt::MouseFocusReason);
        QTRY_VERIFY(!ring->isVisible());
        fixture.find<QLineEdit>("signFolder")->setFocus(Qt::MouseFocusReason);
        QTRY_VERIFY(ring->isVisible());
        fixture.find<QWidget>("signTable")->setFocus(Qt::OtherFocusReason);
        QTRY_VERIFY(!ring->isVisible());
        QTest::keyClick(fixture.find<QWidget>("signTable"), Qt::Key_Down);  // the keyboard is used again
        QTRY_VERIFY(ring->isVisible());
    }

    void fieldsHaveEdges_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    /// WCAG 2.1, 1.4.11: 3:1 between what shows that a field is there and what is around it.
    void fieldsHaveEdges() {
        QFETCH(bool, dark);
        WindowFixture& fixture = filled();
        fixture.theme.setMode(dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        const QPalette palette = QApplication::palette();
        for (const QPalette::ColorRole ground : {QPalette::Base, QPalette::Window})
            QVERIFY(contrast(ui::meaningColours().field, palette.color(ground)) >= 3);
        fixture.window->showPage(QStringLiteral("sign"));
        for (const char* name : {"signFolder", "signFormat", "signQuality", "signCode"}) {
            auto* field = fixture.find<QWidget>(name);
            field->clearFocus();
            QVERIFY2(field->isVisible(), name);
            const QImage shot = field->grab().toImage();
            const int middle = shot.width() / 2;
            double best = 0;
            for (int y = 0; y < 4; ++y)
                best = std::max(best, contrast(shot.pixelColor(middle, y), palette.color(QPalette::Window)));
            QVERIFY2(best >= 3, qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(name)).arg(best)));
        }
    }

    void noticesMoveNothing_data() { addPages(); }
    /// Whatever a page says, nothing else of it moves or is covered.
    void noticesMoveNothing() {
        QFETCH(QString, page);
        WindowFixture fixture;
        fill(fixture);
        fixture.window->showPage(page);
        const QList<ui::NoticeBar*> bars = pageOf(fixture)->findChildren<ui::NoticeBar*>();
        QVERIFY(!bars.isEmpty() || page == QStringLiteral("about"));
        for (ui::NoticeBar* bar : bars) bar->hide();
        QCoreApplication::processEvents();
        const auto places = [&] {
            QMap<QWidget*, QRect> all;
            for (QWidget* widget : pageOf(fixture)->findChildren<QWidget*>()) {
                const auto isNotice = [&](const ui::NoticeBar* bar) {
                    return widget == bar || bar->isAncestorOf(widget);
                };
                if (widget->isVisible() && std::none_of(bars.begin(), bars.end(), isNotice))
                    all[widget] = QRect(widget->mapTo(fixture.window.get(), QPoint()), widget->size());
            }
            return all;
        };
        const auto before = places();
        const QString longText(400, QLatin1Char('m'));
        for (ui::NoticeBar* bar : bars) {
            if (!bar->parentWidget()->isVisible()) continue;
            bar->showNotice(ui::NoticeBar::Kind::Problem, longText, longText,
                            fixture.find<QAction>("signAgainAction"));
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
            QVERIFY2(bar->isVisible(), qPrintable(bar->objectName()));
            const auto after = places();
            for (auto at = before.begin(); at != before.end(); ++at)
                QVERIFY2(after.value(at.key()) == at.value(),
                         qPrintable(bar->objectName() + QLatin1Char(' ') + at.key()->objectName()));
            const QRect shown(bar->mapTo(fixture.window.get(), QPoint()), bar->size());
            QVERIFY2(fixture.window->rect().contains(shown),
                     qPrintable(QStringLiteral("%1: %2 %3 %4 %5 in %6 x %7")
                                    .arg(bar->objectName())
                                    .arg(shown.x())
                                    .arg(shown.y())
                                    .arg(shown.width())
                                    .arg(shown.height())
                                    .arg(fixture.window->width())
                                    .arg(fixture.window->height())));
            // all of a long text can be read
            auto* details =
                bar->findChild<QAbstractButton*>(bar->objectName() + QStringLiteral("DetailsButton"));
            QTRY_VERIFY(details->isVisible());
            QCOMPARE(bar->text(), longText);
        }
    }
};

SIGNET_TEST(TestFocus)
#include "test_focus.moc"
