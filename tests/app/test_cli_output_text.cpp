// The readable side: table columns with other than ASCII text, and the record of a failed input.

#include "app/cli/common.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::cli;

class TestCliOutputText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void truncation_data();
    void truncation();
    void tableAlignsCharactersNotBytes();
    void errorRecordIsValidUtf8();
    void runCommandTurnsErrorsIntoStatuses_data();
    void runCommandTurnsErrorsIntoStatuses();
    void failedInputsSetTheStatus();
};

void TestCliOutputText::truncation_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("columns");
    QTest::addColumn<QString>("end");
    QTest::addColumn<QString>("front");
    QTest::newRow("fits") << "abc" << 3 << "abc"
                          << "abc";
    QTest::newRow("ascii") << "abcdef" << 4 << QString::fromUtf8("abc\u2026")
                           << QString::fromUtf8("\u2026def");
    QTest::newRow("two bytes each") << QString::fromUtf8("\u00e4\u00f6\u00fc\u00df") << 3
                                    << QString::fromUtf8("\u00e4\u00f6\u2026")
                                    << QString::fromUtf8("\u2026\u00fc\u00df");
    QTest::newRow("one column") << "abc" << 1 << QString::fromUtf8("\u2026") << QString::fromUtf8("\u2026");
    QTest::newRow("none") << "abc" << 0 << ""
                          << "";
}

void TestCliOutputText::truncation() {
    QFETCH(QString, text);
    QFETCH(int, columns);
    QFETCH(QString, end);
    QFETCH(QString, front);
    const auto width = static_cast<std::size_t>(columns);
    QCOMPARE(QString::fromStdString(truncateColumns(text.toStdString(), width)), end);
    QCOMPARE(QString::fromStdString(truncateFront(text.toStdString(), width)), front);
}

void TestCliOutputText::tableAlignsCharactersNotBytes() {
    const Table table({{"n\u00e4me", 6, Table::Align::Left}, {"dB", 5, Table::Align::Right}});
    QCOMPARE(table.header(), std::string("n\u00e4me       dB\n------  -----"));
    QCOMPARE(table.row({"\u00fcber", "48.1"}), std::string("\u00fcber     48.1"));
    QCOMPARE(table.row({"longer than it", "1"}), std::string("longer than it      1"));
    QCOMPARE(table.row({"a"}), std::string("a"));
}

void TestCliOutputText::errorRecordIsValidUtf8() {
    const Json record = errorRecord("caf\xe9.png", Error(ErrorCode::TooLarge, "too many pixels"));
    const std::string path = "caf\xef\xbf\xbd.png";
    const Json error{{"code", "too_large"}, {"message", "too many pixels"}};
    QVERIFY(record == (Json{{"path", path}, {"error", error}}));
    QVERIFY(record.dump().find(path) != std::string::npos);
}

void TestCliOutputText::runCommandTurnsErrorsIntoStatuses_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::newRow("bad option") << static_cast<int>(ErrorCode::BadOption) << 2;
    QTest::newRow("cancelled") << static_cast<int>(ErrorCode::Cancelled) << 130;
    QTest::newRow("no model") << static_cast<int>(ErrorCode::NotFound) << 3;
    QTest::newRow("altered weights") << static_cast<int>(ErrorCode::HashMismatch) << 3;
    QTest::newRow("no disk") << static_cast<int>(ErrorCode::DiskFull) << 3;
}

void TestCliOutputText::runCommandTurnsErrorsIntoStatuses() {
    QFETCH(int, code);
    QFETCH(int, status);
    CommonOptions options;
    options.quiet = true;
    const auto thrower = [&](Session&) { throw Error(static_cast<ErrorCode>(code), "on purpose"); };
    QCOMPARE(runCommand(options, thrower), status);
}

void TestCliOutputText::failedInputsSetTheStatus() {
    const CommonOptions options;
    QCOMPARE(runCommand(options, [](Session&) {}), 0);
    QCOMPARE(
        runCommand(options,
                   [](Session& session) { session.fail("a.png", Error(ErrorCode::NotFound, "on purpose")); }),
        1);
}

SIGNET_TEST(TestCliOutputText)
#include "test_cli_output_text.moc"
