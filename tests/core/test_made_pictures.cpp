#include <set>

#include "core/attacks/made_pictures.h"
#include "core/base/error.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::attacks;

class TestMadePictures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areOfTheirSizeAndDiffer_data() {
        QTest::addColumn<QString>("family");
        for (const auto family : madeFamilies()) QTest::newRow(family.data()) << QString(family.data());
    }
    void areOfTheirSizeAndDiffer() {
        QFETCH(QString, family);
        std::set<std::vector<std::uint8_t>> different;
        bool wide = false, high = false;
        for (std::uint64_t i = 0; i < 24; ++i) {
            const auto picture = madePicture(family.toStdString(), 1, i);
            QVERIFY(std::min(picture.width, picture.height) >= 192);
            QVERIFY(std::max(picture.width, picture.height) < 1.6 * 448);
            wide = wide || picture.width > picture.height;
            high = high || picture.height > picture.width;
            different.insert(picture.data);
        }
        QCOMPARE(different.size(), std::size_t(24));
        QVERIFY(wide && high);
        QVERIFY(madePicture(family.toStdString(), 1, 3).data == madePicture(family.toStdString(), 1, 3).data);
        QVERIFY(madePicture(family.toStdString(), 2, 3).data != madePicture(family.toStdString(), 1, 3).data);
        QVERIFY_EXCEPTION_THROWN(madePicture("seas", 1, 1), Error);
    }
};

SIGNET_TEST(TestMadePictures)
#include "test_made_pictures.moc"
