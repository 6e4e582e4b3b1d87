#include <cmath>

#include "core/cases/batch.h"
#include "core/examine/claim.h"
#include "core/examine/record_json.h"
#include "core/report/conclusions.h"
#include "core/report/report_content.h"
#include "support/case_builder.h"
#include "support/case_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;

namespace {

ModelResult presenceResult(double score) {
    ModelResult r;
    examine::Finding& f = r.finding;
    f.model = "m";
    f.threshold = 7;
    f.lowerThreshold = 5;
    f.scoreLogit = score;
    f.presence = score >= 7  ? examine::Presence::Present
                 : score < 5 ? examine::Presence::Absent
                             : examine::Presence::Inconclusive;
    f.falsePositiveRate = {0, 0.0044947, 665, "photographs reduced to 256 px"};
    f.outside.emplace();
    r.validated = true;
    r.likelihood.reason = "of the test";
    return r;
}

std::string allText(const Conclusion& c) {
    std::string text = c.headline;
    for (const auto& p : c.propositions) text += "\n" + p.h1 + "\n" + p.h2;
    for (const auto& line : c.lines) text += "\n" + line.text;
    return text;
}

}  // namespace

/// What a report concludes from the answers of models, without a case.
class TestConclusions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void conclusionOfPresence() {
        const VerbalScale scale = loadVerbalScale("enfsi-2015");
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        std::vector<ModelResult> results{presenceResult(9.125)};
        results[0].likelihood = {
            std::log10(665.0), true, "the number of photographs", "photographs reduced", {}};
        const QString text = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        for (const char* part :
             {"m: signature found", "Score 9.12 (logit)", "reported from 7.00", "between 5.00 and that",
              "Of 665 calibration photographs without a signature, 0 reached 7.00",
              "measured on photographs reduced to 256 px, and holds for images like them alone",
              "false positive rate 0.00 %", "upper limit 0.45 %", "Likelihood ratio 660",
              "bounded by the number of photographs", "660 times more probable if H1 holds than if H2",
              "largest ratio", "moderately strong support for H1 rather than H2", "photographs reduced",
              "the image carries the signature of model m",
              "the image does not carry the signature of model m"})
            QVERIFY2(text.contains(part), qPrintable(QString(part) + " is not in\n" + text));
        results[0] = presenceResult(-3);
        results[0].likelihood = {
            -std::log10(12.0), true, "how often a signed image is missed", "photographs", {}};
        const QString absent = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(absent.contains("no evidence of authenticity"));
        QVERIFY(absent.contains(
            "Likelihood ratio 1/12: a score like this is about 12 times more probable if H2"));
        QVERIFY(absent.contains("smallest ratio given: it is bounded by how often a signed image is missed"));
        QVERIFY(absent.contains("quarter turn") && absent.contains("has no weight"));
        results[0].finding.outside = std::vector<std::string>{"it is hardly a photograph"};
        results[0].likelihood = {{}, false, {}, {}, "outside"};
        const QString outside = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(
            outside.contains("outside the conditions of the model's calibration: it is hardly a photograph"));
        QVERIFY(!outside.contains("false positive rate") && !outside.contains("665"));
        results[0] = presenceResult(6);
        const QString between = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(between.contains("supports neither"));
        QVERIFY(between.contains("No likelihood ratio is given: of the test."));
        results[0].validated = false;
        const QString amber = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(amber.contains("no conclusion is drawn"));
        QVERIFY(!amber.contains("H1"));
    }

    /// k of n, the binomial tail, and its correction, against values worked by hand: 31 of 32 is 33 / 2^32.
    void conclusionOfCode() {
        const Json record = Json::parse(R"({"findings": [{"model": "c", "model_sha256": "ab", "signed": true,
            "presence": "signature found", "score_logit": 12.5, "threshold": 7, "lower_threshold": 5,
            "fpr": {"value": 0, "upper95": 0.004, "n": 750}, "hypotheses": 16,
            "code": {"hex": "5a17c0de", "bits": 32, "confidence": 0.9966, "bit_confidence": [0.999, 0.93]},
            "match": {"holder": "Press office", "nearest_holder": "Press office", "code": "5a17c0df", "matched": 31,
                      "n": 32, "database_size": 12, "hypotheses": 16}}]})");
        std::vector<ModelResult> results = modelResults(examine::recordFromJson(record));
        QCOMPARE(results.size(), std::size_t{1});
        results[0].validated = true;
        results[0].likelihood.reason = "none here";
        const double p = 33.0 / 4294967296.0;
        QVERIFY(std::abs(results[0].finding.match->log10P - std::log10(p)) < 1e-9);
        QVERIFY(std::abs(results[0].finding.match->log10PCorrected - std::log10(p * 192)) < 1e-5);
        QVERIFY(results[0].finding.match->answer() == examine::MatchAnswer::Match);
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        QString text = q(allText(conclude({exhibit, &x, results, {}, 12}, {})));
        for (const char* part :
             {"32 bits were read: 5a17c0de", "probability 99.66 % on average, the least sure one with 93.0 %",
              "compared with 12 registered codes, 16 geometries tried",
              "\u201cPress office\u201d, agrees in 31 of 32 bits", "probability 7.7\u00a0×\u00a010⁻⁹",
              "geometries tried: 1.5\u00a0×\u00a010⁻⁶", "called a match",
              "not the probability that the match"})
            QVERIFY2(text.contains(QString::fromUtf8(part)),
                     qPrintable(QString::fromUtf8(part) + " is not in\n" + text));
        results[0].finding.match->log10PCorrected = -2;
        text = q(allText(conclude({exhibit, &x, results, {}, 12}, {})));
        QVERIFY(text.contains("not rare enough to be called a match"));
        results[0].finding.match.reset();
        QVERIFY(q(allText(conclude({exhibit, &x, results, {}, 0}, {})))
                    .contains("no code is registered in this case"));
    }

    /// An instance that drew the picture: by the registry's p-value, never by a registered signature's words.
    void conclusionOfAFingerprint() {
        std::vector<ModelResult> results{presenceResult(9)};
        examine::Finding& f = results[0].finding;
        f.kind = models::Kind::Fingerprint;
        f.threshold = 6;
        f.lowerThreshold = 3;
        f.falsePositiveRate = {};
        examine::CodeMatch& match = f.match.emplace();
        match.holder = "Studio North";
        match.matched = 62;
        match.bits = 64;
        match.searched = 100;
        match.instance = 7;
        match.revoked = true;
        match.setChances();
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        const auto text = [&] { return q(allText(conclude({exhibit, &x, results, {}, 3}, {}))); };
        // 1 + 64 + 2016 of 2^64, times 100.
        for (const char* part :
             {"p-value 1.1\u00a0×\u00a010⁻¹⁴",
              "nearest of 100 registered instances agrees in at least 62 of 64 bits",
              "drawn by instance 7 of model m", "Instance 7 was issued to \u201cStudio North\u201d",
              "has been revoked since", "not the probability that no instance drew"})
            QVERIFY2(text().contains(QString::fromUtf8(part)),
                     qPrintable(QString::fromUtf8(part) + " is not in\n" + text()));
        QVERIFY(!text().contains("signature"));
        match.rivals.push_back({"Studio South", "", 61, false});
        QVERIFY(text().contains("Studio South") && text().contains("Which of them it is, is not said"));
        f.presence = examine::Presence::Absent;
        QVERIFY(text().contains("no evidence of authenticity") && !text().contains("Instance 7"));
        f.match.reset();
        QVERIFY(text().contains("No instance of this model was registered"));
    }

    /// A classifier is reported by its own proposition, whatever it answered; nowhere a signature.
    void conclusionOfAClassifier_data() {
        QTest::addColumn<double>("score");
        QTest::addColumn<bool>("calibrated");
        QTest::addColumn<QString>("answer");
        QTest::newRow("second class") << 9.0 << true << "more like \"generated\"";
        QTest::newRow("first class") << -3.0 << true << "more like \"real\"";
        QTest::newRow("between") << 6.0 << true << "inconclusive";
        QTest::newRow("not calibrated") << 9.0 << false << "more like \"generated\"";
    }
    void conclusionOfAClassifier() {
        QFETCH(double, score);
        QFETCH(bool, calibrated);
        QFETCH(QString, answer);
        std::vector<ModelResult> results{presenceResult(score)};
        examine::Finding& f = results[0].finding;
        f.kind = models::Kind::Classifier;
        f.classes = {"real", "generated"};
        if (!calibrated) f.falsePositiveRate = {};
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        const QString text = q(allText(conclude({exhibit, &x, results, {}, 0}, {})));
        QVERIFY2(!text.contains("signature", Qt::CaseInsensitive), qPrintable(text));
        QVERIFY2(text.startsWith("m: " + answer), qPrintable(text));
        QVERIFY2(text.contains("the image is of class \"generated\" rather than \"real\""), qPrintable(text));
        QVERIFY2(text.contains("Class \"generated\" is reported from 7.00"), qPrintable(text));
        QCOMPARE(text.contains("is not calibrated"), !calibrated);
        QCOMPARE(text.contains("photographs of class \"real\", 0 reached"), calibrated);
        // a record keeps it
        examine::Record record;
        record.findings = {f};
        const Json json = examine::toJson(record);
        QVERIFY(json["findings"][0]["signed"].is_null());
        const examine::Finding read = examine::recordFromJson(json).findings.at(0);
        QVERIFY(read.kind == f.kind && read.classes == f.classes && read.presence == f.presence);
        QCOMPARE(q(examine::answerOf(read)), answer);
    }

    /// A keyed signature is reported by its p-value and key; a code that passed its check is the registered
    /// one or is not. 10^-14.5 is 3.2 x 10^-15.
    void conclusionOfAKeyedSignature_data() {
        QTest::addColumn<double>("log10P");
        QTest::addColumn<QString>("code");
        QTest::addColumn<bool>("publicKey");
        QTest::addColumn<int>("keys");
        QTest::addColumn<QMap<QString, QString>>("registered");  // holder, code
        QTest::addColumn<QString>("headline");
        QTest::addColumn<QStringList>("said");
        QTest::addColumn<QStringList>("notSaid");
        const QString key = "key 0123456789abcdef", code = "5a17c0de";
        using Codes = QMap<QString, QString>;
        const auto row = [&](const char* name, double log10P, const QString& read, bool publicKey, int keys,
                             const Codes& registered, const QString& headline, const QStringList& said,
                             const QStringList& notSaid) {
            QTest::newRow(name) << log10P << read << publicKey << keys << registered
                                << "keyed-test: " + headline << said << notSaid;
        };
        row("secret key", -14.5, code, false, 1, {}, "present, " + key + ", code " + code,
            {"p-value 3.2\u00a0×\u00a010⁻¹⁵", "a key drawn at random", "1,000 geometries", "Answer: present.",
             "not the probability that the image is unsigned", "reported at 1.0\u00a0×\u00a010⁻⁶ or less",
             "fingerprint 0123456789abcdef", "With it alone", "was signed with the " + key,
             "knows nothing of the " + key, "check of its code, and it held", "5a17c0de",
             "No code is registered in this case",
             "Part 1 covers 25 % of the image, from 25 to 75 % of its width"},
            {"public", "any of", "unverified"});
        row("public key", -14.5, code, true, 1, {{"Press office", code}},
            "present, " + key + " (public), code 5a17c0de of \u201cPress office\u201d",
            {"It is the public key", "anybody can sign with it", "all 32 bits agree", "called a match",
             "with the public key anybody can"},
            {"With it alone"});
        row("another registered code", -14.5, code, false, 1, {{"Press office", "5a17c0df"}},
            "present, " + key + ", code " + code,
            {"is none of them", "registered for \u201cPress office\u201d, agrees in 31 of 32 bits",
             "no match is named"},
            {"called a match", "certainty"});
        row("a code of two holders", -14.5, code, false, 1,
            {{"Ada", code}, {"Emmy", code}, {"Eve", "5a17c0df"}}, "present, " + key + ", code " + code,
            {"more than one holder, \u201cAda\u201d, \u201cEmmy\u201d: no match is named"},
            {"Eve", "called a match"});
        row("not readable", -8, {}, false, 3, {{"Press office", code}}, "present, code not readable, " + key,
            {"Answer: present, code not readable.", "any of 3 keys drawn at random", "all codes and 3 keys",
             "none passes its check"},
            {"Press office", "bits were read"});
        row("inconclusive", -4, {}, false, 3, {}, "inconclusive",
            {"Answer: inconclusive.", "neither the presence nor the absence", "up to 1 in 1,000",
             "one of the 3 keys tried", "the one that fits best"},
            {"bits were read", "Part 1"});
        row("not found", -0.5, {}, false, 3, {}, "not found",
            {"p-value 0.32", "Answer: not found.", "no evidence of authenticity", "other keys",
             "knows nothing of the 3 keys tried"},
            {"0123456789abcdef", "Part 1"});
    }
    void conclusionOfAKeyedSignature() {
        QFETCH(double, log10P);
        QFETCH(QString, code);
        QFETCH(bool, publicKey);
        QFETCH(int, keys);
        using Codes = QMap<QString, QString>;
        QFETCH(Codes, registered);
        QFETCH(QString, headline);
        QFETCH(QStringList, said);
        QFETCH(QStringList, notSaid);
        examine::Record record;
        record.findings = {CaseBuilder::keyedFinding(log10P, code.toStdString())};
        record.findings[0].keyed->publicKey = publicKey;
        record.findings[0].keyed->keysTried = keys;
        std::vector<cases::RegisteredCode> codes;
        for (auto entry = registered.begin(); entry != registered.end(); ++entry)
            codes.push_back({0, entry.value().toStdString(), 32, {}, entry.key().toStdString(), {}, {}});
        cases::addMatches(record, codes);
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        // as it is, and as a case keeps it
        for (const examine::Record& r : {record, examine::recordFromJson(examine::toJson(record))}) {
            std::vector<ModelResult> results = modelResults(r);
            results.at(0).validated = true;
            const Conclusion conclusion =
                conclude({exhibit, &x, results, {}, static_cast<std::int64_t>(codes.size())}, {});
            QCOMPARE(q(conclusion.headline), headline);
            const QString text = q(allText(conclusion));
            for (const QString& part : said)
                QVERIFY2(text.contains(part), qPrintable(part + " is not in\n" + text));
            for (const QString& part : notSaid)
                QVERIFY2(!text.contains(part), qPrintable(part + " is in\n" + text));
            QVERIFY(text.contains("No likelihood ratio is given") && !text.contains("more probable if"));
            for (const char* part : {"logit", "not calibrated", "calibration photographs", "false positive"})
                QVERIFY2(!text.contains(part), qPrintable(text));
            for (const ConclusionLine& line : conclusion.lines)
                QVERIFY(line.kind != ConclusionLine::Kind::Likelihood);
        }
    }

    void conclusionOfTrouble() {
        cases::Exhibit exhibit;
        exhibit.duplicateOf = 4;
        const std::vector<ModelResult> none;
        QString text = q(allText(conclude({exhibit, nullptr, none, "altered\u202E", 0}, {})));
        QVERIFY(text.contains("not examined") && text.contains("no longer the one taken in"));
        QVERIFY(text.contains("altered[U+202E]") && text.contains("same bytes as exhibit 4"));
        QVERIFY(text.startsWith("INTEGRITY NOT CONFIRMED"));
        cases::Examination x;
        x.problem = "the JPEG is damaged";
        text = q(allText(conclude({exhibit, &x, none, {}, 0}, {})));
        QVERIFY(text.contains("could not be examined: the JPEG is damaged"));
    }

    void conflictsAreShown() {
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        std::vector<ModelResult> results{presenceResult(9), presenceResult(6)};
        results[1].finding.model = "other";
        results[1].finding.code = examine::CodeReading{
            .hex = "000000ff", .bits = 32, .bitLogits = {}, .bitConfidence = {}, .confidence = 0.9};
        results[1].finding.match =
            examine::CodeMatch{"H", "ff", 32, 32, 1, 1, -9, -9, false, 0, 0, false, {}};
        QVERIFY(
            q(allText(conclude({exhibit, &x, results, {}, 1}, {}))).contains("neither overrides the other"));
        results[1] = presenceResult(11);
        results[1].finding.model = "other";
        QVERIFY(q(allText(conclude({exhibit, &x, results, {}, 1}, {}))).contains("More than one model"));
    }

    /// Another holder's code that would match too stands beside the match; at equal bits none is named.
    void alikeCodesAreShown() {
        const Json match{
            {"nearest_holder", "Ada"},
            {"code", "ff"},
            {"matched", 31},
            {"n", 32},
            {"database_size", 2},
            {"hypotheses", 1},
            {"also_matching", Json::array({{{"holder", "Emmy"}, {"code", "fe"}, {"matched", 30}}})}};
        Json record{
            {"findings", Json::array({{{"model", "m"},
                                       {"presence", "signature found"},
                                       {"score_logit", 9.0},
                                       {"threshold_logit", 5.0},
                                       {"code", {{"hex", "000000ff"}, {"bits", 32}, {"confidence", 0.9}}},
                                       {"match", match}}})}};
        auto results = modelResults(examine::recordFromJson(record));
        QVERIFY(results.at(0).finding.match &&
                results[0].finding.match->answer() == examine::MatchAnswer::Match);
        results[0].validated = true;
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        QString text = q(allText(conclude({exhibit, &x, results, {}, 2}, {})));
        QVERIFY2(text.contains("This is called a match"), qPrintable(text));
        QVERIFY2(text.contains("Emmy") && text.contains("30 of 32 bits"), qPrintable(text));
        record["findings"][0]["match"]["also_matching"][0]["matched"] = 31;
        results = modelResults(examine::recordFromJson(record));
        QVERIFY(results[0].finding.match->answer() == examine::MatchAnswer::Shared);
        results[0].validated = true;
        text = q(allText(conclude({exhibit, &x, results, {}, 2}, {})));
        QVERIFY2(text.contains("no match is named") && !text.contains("This is called a match"),
                 qPrintable(text));
    }

    /// Anything in a record that is not as it should be is passed over.
    void brokenRecords() {
        for (const char* text :
             {"{}", R"({"findings": 3})", R"({"findings": [3, null, []]})",
              R"({"findings": [{"code": 1, "match": [], "geometry": [1], "fpr": "x", "tiles": null}]})",
              R"({"findings": [{"code": {"hex": 3, "bit_confidence": ["a"]}, "match": {"n": -4}}]})"})
            modelResults(examine::recordFromJson(Json::parse(text)));
    }

    /// What a report explains is about the models that it reports.
    void statementsOfKinds() {
        for (const char* list : {"glossary", "limits"}) {
            const auto textOf = [&](const std::set<std::string>& topics) {
                std::string text;
                for (const Statement& s : loadStatements(list, topics)) text += s.title + " " + s.text + "\n";
                return q(text);
            };
            const QString classes = textOf({"classifier"});
            QVERIFY(classes.contains("class") && !classes.contains("signature", Qt::CaseInsensitive));
            const QString signature = textOf({"signature", kScoredSignature});
            QVERIFY(signature.contains("signature") && !signature.contains("classifier"));
            QVERIFY(signature.contains("presence score") && !signature.contains("p-value"));
            const QString keyed = textOf({"signature", kKeyedSignature});
            QVERIFY(keyed.contains("p-value") && keyed.contains("public key"));
            for (const char* scored : {"logit", "unverified", "presence score", "calibration"})
                QVERIFY2(!keyed.contains(scored), qPrintable(keyed));
            const QString both = textOf({"signature", kScoredSignature, "classifier"});
            QVERIFY(both.contains("signature") && both.contains("classifier", Qt::CaseInsensitive));
        }
    }
};

SIGNET_TEST(TestConclusions)
#include "test_conclusions.moc"
