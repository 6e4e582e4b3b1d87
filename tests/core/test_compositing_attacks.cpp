#include <cmath>
#include <set>

#include "attacked.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;

class TestCompositingAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plateCoversItsShare_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("share");
        for (const QSize size : {QSize(120, 90), QSize(40, 300), QSize(300, 40)})
            for (const double share : {0.01, 0.15, 0.5, 0.9})
                QTest::addRow("%d x %d, %g", size.width(), size.height(), share) << size << share;
    }
    void plateCoversItsShare() {
        QFETCH(QSize, size);
        QFETCH(double, share);
        const image::Image before = flat(size.width(), size.height(), 10, 99, 203);
        std::set<std::pair<int, int>> places;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const image::Image after = attacked(before, qPrintable(QString("overlay:%1").arg(share)), seed);
            QCOMPARE(QSize(after.width, after.height), size);
            int left = size.width(), top = size.height(), right = -1, bottom = -1, changed = 0;
            for (int y = 0; y < size.height(); ++y) {
                for (int x = 0; x < size.width(); ++x) {
                    const bool kept = sampleAt(after, x, y, 0) == 10 && sampleAt(after, x, y, 1) == 99 &&
                                      sampleAt(after, x, y, 2) == 203;
                    if (kept) continue;
                    left = std::min(left, x);
                    top = std::min(top, y);
                    right = std::max(right, x);
                    bottom = std::max(bottom, y);
                    ++changed;
                }
            }
            const int width = right - left + 1, height = bottom - top + 1;
            QCOMPARE(changed, width * height);  // a whole rectangle
            QVERIFY2(
                std::abs(changed - share * size.width() * size.height()) <= 0.5 * std::max(width, height) + 1,
                qPrintable(QString("%1 x %2").arg(width).arg(height)));
            places.insert({left, top});
        }
        QVERIFY(places.size() > 5);
    }

    void plateBearsLogoAndText() {
        const image::Image after = attacked(flat(200, 150, 10, 99, 203), "overlay:0.15", 3);
        QVERIFY(coloursIn(after).size() > 10);  // of letters and a disc with soft edges
    }

    void pictureIsOnThePage_data() {
        QTest::addColumn<double>("share");
        for (const double share : {0.1, 0.25, 0.5, 0.7, 0.8})
            QTest::newRow(qPrintable(QString::number(share))) << share;
    }
    void pictureIsOnThePage() {
        QFETCH(double, share);
        const image::Image before = picture(100, 80);
        std::set<std::pair<int, int>> sizes, places;
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            const image::Image page = attacked(before, qPrintable(QString("paste:%1").arg(share)), seed);
            QVERIFY(std::abs(100 * 80 / share - page.width * page.height) <= page.width);
            const double least = std::pow(share, -0.25);
            QVERIFY(page.width >= 100 * least - 1 && page.height >= 80 * least - 1);
            const auto place = placeOf(before, page);
            QVERIFY(place.has_value());
            sizes.insert({page.width, page.height});
            places.insert(*place);
        }
        QVERIFY(sizes.size() > 3 && places.size() > 3);
    }

    void pageIsNotEmpty() {
        const image::Image page = attacked(flat(100, 80, 1, 2, 3), "paste:0.1", 2);
        QVERIFY(coloursIn(page).size() > 20);
    }
};

SIGNET_TEST(TestCompositingAttacks)
#include "test_compositing_attacks.moc"
