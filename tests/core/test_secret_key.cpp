// Secret keys and the random numbers that come from them. The expected values were computed apart from this
// program: HMAC and SHA-256 by Python's hashlib, ChaCha20 by a transcript of RFC 8439's block function.
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/signature/key_stream.h"
#include "tests/core/counting_key.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;

namespace {}  // namespace

class TestSecretKey : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publicKey() {
        const SecretKey& key = SecretKey::publicDefault();
        QCOMPARE(hexOf(key), QString("cf8704d8da4b73e06eb732c882786f637e64630a26c4fcd832855c17ff83aa97"));
        QCOMPARE(QString::fromStdString(key.fingerprint()), QString("b72b63deee226f26"));
        QVERIFY(key.isPublic());
        QVERIFY(!countingKey().isPublic());
        QCOMPARE(QString::fromStdString(countingKey().fingerprint()), QString("a7a91f8d7c659aa2"));
    }

    void newKeysDiffer() {
        const SecretKey a = SecretKey::random(), b = SecretKey::random();
        QVERIFY(!(a == b));
        QVERIFY(a == SecretKey(a));
        QVERIFY(a.fingerprint() != b.fingerprint());
    }

    void streams_data() {
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<quint64>("counter");
        QTest::addColumn<QString>("start");
        QTest::newRow("counter 0") << QByteArray("test") << quint64(0)
                                   << "ad4590c8677f62b655aea70fb66a3c1e499e28d29b7d0c59d277e5045b88c167";
        QTest::newRow("every byte of the counter")
            << QByteArray("test") << quint64(0x0102030405060708)
            << "212120c08c1532035706827018012f6dd5912de12fe87d3483f92edc06388884";
    }
    void streams() {
        QFETCH(QByteArray, domain);
        QFETCH(quint64, counter);
        KeyStream stream(countingKey(), domain.toStdString(), counter);
        std::array<std::uint8_t, 32> bytes{};
        stream.fill(bytes);
        QTEST(QString::fromStdString(toHex(bytes)), "start");
    }

    /// Whatever the parts in which it is read, over the end of the inner block too.
    void streamInParts() {
        std::array<std::uint8_t, 3000> whole{}, parts{};
        KeyStream(countingKey(), "test").fill(whole);
        KeyStream stream(countingKey(), "test");
        std::size_t at = 0;
        for (std::size_t length = 1; at < parts.size(); length = 2 * length + 1) {
            const std::size_t part = std::min(length, parts.size() - at);
            stream.fill(std::span(parts).subspan(at, part));
            at += part;
        }
        QVERIFY(whole == parts);
    }

    void numbers() {
        KeyStream uniform(countingKey(), "test");
        for (const double expected : {0.7124404552819792, 0.11810938782551139, 0.3478468423292348})
            QCOMPARE(uniform.uniform(), expected);
        KeyStream normal(countingKey(), "test");
        for (const double expected : {1.16366224129252, 1.067024294214361})
            QVERIFY(std::abs(normal.normal() - expected) < 1e-14);
        KeyStream below(countingKey(), "test");
        for (const std::uint64_t expected : {1, 9, 7, 0, 1, 2, 4, 6}) QCOMPARE(below.below(10), expected);
    }

    /// The first four moments of 200,000 normal numbers, within five standard errors.
    void normalMoments() {
        KeyStream stream(countingKey(), "moments");
        constexpr int kN = 200'000;
        std::array<double, 4> sum{};
        for (int i = 0; i < kN; ++i) {
            const double x = stream.normal();
            double power = 1;
            for (double& s : sum) s += power *= x;
        }
        const std::array<double, 4> expected{0, 1, 0, 3}, variance{1, 2, 15, 96};
        for (std::size_t i = 0; i < sum.size(); ++i)
            QVERIFY(std::abs(sum[i] / kN - expected[i]) < 5 * std::sqrt(variance[i] / kN));
    }

    void keysOfASeed() {
        const std::vector<SecretKey> keys = randomKeys(3, 7);
        QCOMPARE(hexOf(keys[0]), QString("c8bfe31d51bed883db6e5eb89f5a6859afdcee723a56433442e768800ccb5bb9"));
        QCOMPARE(hexOf(keys[1]), QString("33610656531f999c16754674ca58ba09e2e7eaddf8344946ac673954c42a7273"));
        QVERIFY(!(keys[2] == keys[0]) && !(keys[2] == keys[1]));
        QVERIFY(randomKeys(2, 7)[1] == keys[1]);  // a shorter list is the start of a longer one
        QVERIFY(!(randomKeys(1, 8)[0] == keys[0]));
    }
};

SIGNET_TEST(TestSecretKey)
#include "test_secret_key.moc"
