// The location of a case on a server: what of it is shown, and a password that is put in.
#include <libpq-fe.h>

#include <memory>

#include "core/cases/database_url.h"
#include "tests/support/test_program.h"

using namespace signet;

class TestDatabaseUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noPasswordIsShown_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* name, const char* url, const char* shown) {
            QTest::newRow(name) << url << shown;
        };
        row("none", "postgresql://ada@host/c", "postgresql://ada@host/c");
        row("user's", "postgresql://ada:pw@host:5433/c", "postgresql://ada@host:5433/c");
        row("at in it", "postgres://ada:p@w@host/c", "postgres://ada@host/c");
        row("slash in it", "postgresql://ada:p/w@host/c", "postgresql://ada@host/c");
        row("question mark in it", "postgresql://ada:p?w@host/c", "postgresql://ada@host/c");
        row("both in it", "postgresql://ada:p?x/w@host/c", "postgresql://ada@host/c");
        row("like a port, slash in it", "postgresql://ada:1/w@host/c", "postgresql://ada@host/c");
        row("parameter", "postgresql://host/c?password=pw&user=ada", "postgresql://host/c?user=ada");
        row("parameter with an at", "postgresql://host/c?password=p@w", "postgresql://host/c");
        row("parameter with an at, port", "postgresql://host:5433/c?password=p@w",
            "postgresql://host:5433/c");
        row("parameter with an at, user", "postgresql://ada@host?password=p@w/x", "postgresql://ada@host");
        row("parameter in %XX", "postgresql://host/c?pass%77ord=pw", "postgresql://host/c");
        row("of the key, in %XX", "postgresql://host/c?a=b&%73slpassword=pw", "postgresql://host/c?a=b");
        row("address with colons", "postgresql://[::1]/c?password=p@w", "postgresql://[::1]/c");
        row("address with a question mark", "postgresql://[?x]/c?password=pw", "postgresql://[?x]/c");
        row("what is left looks like another", "postgresql://h?sslpassword=a/b&c:d@e", "postgresql://h?c@e");
        row("a file", "/a:b@c/d?password=e", "/a:b@c/d?password=e");
    }
    void noPasswordIsShown() {
        QFETCH(QString, url);
        QFETCH(QString, shown);
        const std::string bare = cases::withoutPassword(url.toStdString());
        QCOMPARE(QString::fromStdString(bare), shown);
        QCOMPARE(cases::withoutPassword(bare), bare);
    }

    void aPasswordArrives_data() {
        QTest::addColumn<QString>("url");
        QTest::newRow("user") << "postgresql://ada@host/c";
        QTest::newRow("no user") << "postgresql://host/c";
        QTest::newRow("no user, parameter") << "postgresql://host:5433/c?application_name=a@b";
        QTest::newRow("at in the database's name") << "postgresql://host/c@d";
    }
    void aPasswordArrives() {
        QFETCH(QString, url);
        const std::string password = "a:/?#[]@&= %\xC3\xA9";
        const std::string full = cases::withPassword(url.toStdString(), password);
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
            PQconninfoParse(full.c_str(), nullptr), &PQconninfoFree);
        QVERIFY2(options, full.c_str());
        std::string found;
        for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
            if (option->keyword == std::string("password") && option->val != nullptr) found = option->val;
        QCOMPARE(found, password);
        QCOMPARE(cases::withoutPassword(full), url.toStdString());
    }
};

SIGNET_TEST(TestDatabaseUrl)
#include "test_database_url.moc"
