#include <fmt/format.h>

#include <QRegularExpression>
#include <cmath>

#include "core/base/file_io.h"
#include "report_fixture.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

/// What a report says of a case (SQLite): its exhibits as they are now, results, conclusions, likelihood
/// ratios.
class TestReport : public QObject, protected ReportFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
    }

    /// What a reader of the case finds in the content: hashes then and now, results, conclusions, likelihood
    /// ratios.
    void content() {
        threeExhibits();
        const ReportContent c = collect();
        QCOMPARE(c.exhibits.size(), std::size_t{3});
        QVERIFY2(c.verification.ok(),
                 c.verification.problems.empty() ? "" : c.verification.problems.front().message.c_str());
        QVERIFY(c.blockers.empty());
        QCOMPARE(c.version, 1);
        QVERIFY(q(c.id).contains(QRegularExpression("^SG-[0-9A-F]{8}-R1$")));
        QCOMPARE(c.head.hash.size(), std::size_t{64});
        QCOMPARE(c.models.size(), std::size_t{2});
        for (const ModelContent& m : c.models) QVERIFY(m.fit && !m.card.empty() && m.problem.empty());

        const ExhibitContent& found = c.exhibits[0];
        QVERIFY(found.intact());
        QCOMPARE(found.evidenceMaps.size(), std::size_t{2});
        QCOMPARE(q(found.evidenceMaps[0].model), QString("photo-code32"));
        const ModelResult& code = found.results[0];
        QVERIFY(code.validated && code.likelihood.log10Lr && code.likelihood.bounded);
        QVERIFY(std::abs(*code.likelihood.log10Lr - std::log10(665.0)) < 1e-9);  // originals, not crops
        QVERIFY(code.finding.match && code.finding.match->answer() == examine::MatchAnswer::Match);
        QCOMPARE(code.finding.match->matched, 31);
        QVERIFY(q(found.conclusion.headline).contains("code of \u201cPress office\u201d"));

        const ModelResult& absent = c.exhibits[1].results[0];
        // absence weighs no more than the worst treatment of the evaluation allows
        const ModelContent* model = c.model(absent.finding.model, absent.finding.modelSha256);
        QVERIFY2(model->missRate.rate, model->missRate.reason.c_str());
        QVERIFY(std::abs(*absent.likelihood.log10Lr - std::log10(model->missRate.rate->upper95)) < 1e-9);
        QVERIFY(*absent.likelihood.log10Lr > -2 && absent.likelihood.bounded);
        QVERIFY(q(absent.likelihood.boundedBy).contains("signed photographs were not found"));
        // between the classes nothing was measured
        const ModelResult& between = c.exhibits[2].results[0];
        QVERIFY(!between.likelihood.log10Lr);
        QVERIFY2(q(between.likelihood.reason).contains("where no photograph was measured"),
                 between.likelihood.reason.c_str());
    }

    void noRatioOutsideTheConditions() {
        m_case->addPicture("small.png", 1, 200, 200);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)}, [](Json& record) {
            record["findings"][0]["outside_calibration"] = {
                "it has 200 × 200 px, less than the calibration's 256"};
        });
        m_case->addPicture("other.png", 2);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)},
                        [](Json& record) { record["findings"][0]["threshold"] = 3.5; });
        m_case->addPicture("third.png", 3);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)},
                        [](Json& record) { record["findings"][0]["model_sha256"] = std::string(64, 'a'); });
        m_case->addPicture("fourth.png", 4);
        m_case->examine({CaseBuilder::finding("photo-presence", -20)},
                        [](Json& record) { record["findings"][0].erase("outside_calibration"); });
        const ReportContent c = collect();
        QVERIFY(q(c.exhibits[3].results[0].likelihood.reason).contains("examine it again"));
        QVERIFY(q(c.exhibits[0].results[0].likelihood.reason).contains("less than the calibration's 256"));
        QVERIFY(q(c.exhibits[1].results[0].likelihood.reason)
                    .contains("not the one the exhibit was examined with"));
        QVERIFY(q(c.exhibits[2].results[0].likelihood.reason).contains("has weights with SHA-256"));
        QVERIFY(!c.exhibits[2].results[0].validated);
        QVERIFY(c.model("photo-presence", std::string(64, 'a'))->card.empty());
    }

    void alteredExhibit() {
        threeExhibits();
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().all()[1]);
        fs::permissions(copy, fs::perms::owner_all);
        Bytes bytes = readFile(copy);
        bytes[bytes.size() / 2] ^= 1;
        writeFileAtomically(copy, bytes, IfExists::Replace);
        ReportOptions options;
        const ReportContent draft = collect(options);
        QVERIFY(!draft.exhibits[1].intact() && draft.exhibits[0].intact());
        QVERIFY(!draft.verification.ok());
        QVERIFY(q(draft.exhibits[1].conclusion.headline).startsWith("INTEGRITY NOT CONFIRMED"));
        QVERIFY(!draft.exhibits[1].results[0].likelihood.log10Lr);
        QVERIFY(!draft.exhibits[1].findings.empty());  // the failure is a stored finding
        const QString html = QString::fromUtf8(written(draft, writeHtml));
        QVERIFY(html.contains("class=\"alert\"") && html.contains("Integrity not confirmed."));
        QVERIFY(html.contains("no picture: the file is not the one taken in"));

        options.final = true;
        const QString refusal = errorOf([&] { requireIssuable(collect(options)); });
        QVERIFY2(refusal.startsWith("not_verified") && refusal.contains("exhibit 2: "), qPrintable(refusal));
        options.acceptProblems = "The copy was damaged by a disk fault on 3 May; the original is sealed.";
        const ReportContent accepted = collect(options);
        requireIssuable(accepted);
        QVERIFY(QString::fromUtf8(written(accepted, writeHtml)).contains("damaged by a disk fault"));
    }

    void alteredEvidenceMap() {
        threeExhibits();
        const ReportContent before = collect();
        writeFileAtomically(before.exhibits[0].evidenceMaps[0].path, std::string("other"), IfExists::Replace);
        const ReportContent c = collect();
        QVERIFY(!c.verification.ok());
        QCOMPARE(q(c.verification.problems.front().kind), QString("artifact"));
        QVERIFY(QString::fromUtf8(written(c, writeHtml)).contains("its file is not the one recorded"));
    }

    void taggedExhibits() {
        threeExhibits();
        cases::Tag tag;
        tag.name = "key <evidence>";
        m_case->store().tags().save(tag);
        m_case->store().tags().set(3, tag.id, true);
        ReportOptions options;
        options.tags = {tag.name};
        const ReportContent c = collect(options);
        QCOMPARE(c.exhibits.size(), std::size_t{1});
        QCOMPARE(c.exhibits[0].exhibit.id, cases::RowId{3});
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("1 of 3 exhibits") && html.contains("key &lt;evidence&gt;"));
        options.tags = {"other"};
        QVERIFY(errorOf([&] { collect(options); }).startsWith("not_found"));
    }

    /// A report on a classifier alone is by its own proposition; its results speak of no signature.
    void aClassifierAlone() {
        m_case->addPicture("one.png", 1);
        examine::Finding finding;
        finding.model = "real-or-made";
        finding.modelSha256 = std::string(64, 'c');
        finding.kind = models::Kind::Classifier;
        finding.classes = {"real", "made"};
        finding.scoreLogit = 2.5;
        finding.presence = examine::Presence::Present;
        finding.outside = std::vector<std::string>{"the model has no calibration"};
        m_case->examine({finding});
        const ReportContent c = collect();
        QCOMPARE(q(c.options.title), QString("Examination of images"));
        QVERIFY(q(c.exhibits[0].conclusion.headline).startsWith("real-or-made: more like \"made\""));
        const Json json = Json::parse(written(c, writeJson).toStdString());
        const Json& result = json.at("exhibits").at(0).at("results").at(0);
        QVERIFY(result.at("kind") == "classifier" && result.at("signed").is_null());
        QVERIFY(result.at("presence") == "more like \"made\"");
        for (const char* part : {"limits", "glossary"})
            QVERIFY(!q(json.at(part).dump()).contains("signature", Qt::CaseInsensitive));
        QVERIFY(!q(json.at("exhibits").at(0).at("conclusion").dump()).contains("signature"));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("Classification: a network that was taught"));
        for (const char* part : {"signature is reported", "Signature detection", "signature found"})
            QVERIFY2(!html.contains(part), part);
    }

    /// Three exhibits, four answers of two models with none of 665 originals over the threshold: the limit
    /// of each at level 1 - 0.05 / 2, summed.
    void falseFindings() {
        threeExhibits();
        const ReportContent c = collect();
        QCOMPARE(c.falseFindings.answers, 4);
        QCOMPARE(c.falseFindings.models, 2);
        QCOMPARE(c.falseFindings.exhibits, 3);
        QCOMPARE(c.falseFindings.outside, 0);
        double bound = 0;
        for (const ExhibitContent& e : c.exhibits)
            for (const ModelResult& r : e.results)
                bound += 1 - std::pow(0.025, 1.0 / r.finding.falsePositiveRate.n);
        QVERIFY2(std::abs(c.falseFindings.bound - bound) < 1e-9,
                 qPrintable(QString::number(c.falseFindings.bound)));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("4 answers of 2 models on 3 exhibits"));
        QVERIFY(html.contains(QString("at most %1 false findings").arg(q(fmt::format("{:.2g}", bound)))));
        // outside the calibration's conditions nothing was measured
        m_case->addPicture("small.png", 4, 128, 128);
        examine::Finding small = CaseBuilder::finding("photo-code32", -18.25);
        small.outside = std::vector<std::string>{"it is too small"};
        m_case->examine({small});
        const ReportContent more = collect();
        QCOMPARE(more.falseFindings.outside, 1);
        QVERIFY(std::abs(more.falseFindings.bound - bound) < 1e-9);
    }
};

SIGNET_TEST(TestReport)
#include "test_report.moc"
