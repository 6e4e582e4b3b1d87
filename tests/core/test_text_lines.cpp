// Text files read line by line.
#include <QTemporaryDir>

#include "core/base/file_io.h"
#include "core/base/text_lines.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using tests::codeOf;
using tests::nameOf;

class TestTextLines : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;

    std::filesystem::path file(const QByteArray& text) const {
        const std::filesystem::path path = m_temporary.filePath("lines.txt").toStdString();
        writeFileAtomically(path, text.toStdString(), IfExists::Replace);
        return path;
    }

private Q_SLOTS:
    void isReadByLines_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<bool>("ended");  ///< the last one
        QTest::newRow("none") << QByteArray() << QStringList() << true;
        QTest::newRow("ended") << QByteArray("one\ntwo\n") << QStringList{"one", "two"} << true;
        QTest::newRow("not ended") << QByteArray("one\ntwo") << QStringList{"one", "two"} << false;
        QTest::newRow("CRLF") << QByteArray("one\r\ntwo\r\n") << QStringList{"one", "two"} << true;
        QTest::newRow("empty ones") << QByteArray("\none\n\n") << QStringList{"", "one", ""} << true;
        QTest::newRow("as long as may be") << QByteArray("12345678\n") << QStringList{"12345678"} << true;
        QTest::newRow("too long") << QByteArray("123456789\nx\n") << QStringList{"12345678", "x"} << true;
        QTest::newRow("too long, not ended")
            << QByteArray("x\n123456789abc") << QStringList{"x", "12345678"} << false;
    }
    void isReadByLines() {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, lines);
        QFETCH(bool, ended);
        const std::filesystem::path path = file(text);
        QStringList read;
        bool isLastEnded = true;
        const auto take = [&](const std::string& line, bool isEnded) {
            QVERIFY(isLastEnded);  // only the last one may not be
            read << QString::fromStdString(line);
            isLastEnded = isEnded;
        };
        StreamHash whole;
        eachLine(path, take, {.bytes = 8, .cuts = true}, &whole);
        QCOMPARE(read, lines);
        QCOMPARE(isLastEnded, ended);
        QCOMPARE(whole.finish().sha256, hashFile(path).sha256);
    }

    void tooLongIsRefused() {
        const std::filesystem::path path = file("12345678\n123456789");
        const auto ignore = [](const std::string&, bool) {};
        QCOMPARE(codeOf([&] { eachLine(path, ignore, {.bytes = 8}); }), nameOf(ErrorCode::TooLarge));
        QCOMPARE(codeOf([&] { eachLine(path, ignore, {.bytes = 9}); }), std::string("no error"));
    }

    /// More than is read at a time.
    void longLinesAreWhole() {
        const QByteArray text = QByteArray(3 << 20, 'a') + '\n' + QByteArray(1 << 20, 'b');
        std::vector<std::size_t> sizes;
        eachLine(file(text), [&](const std::string& line, bool) { sizes.push_back(line.size()); },
                 {.bytes = 3 << 20});
        QVERIFY(sizes == (std::vector<std::size_t>{3 << 20, 1 << 20}));
    }
};

SIGNET_TEST(TestTextLines)
#include "test_text_lines.moc"
