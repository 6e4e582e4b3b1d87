#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signet_build_info.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/cases/case_files.h"
#include "core/cases/evidence_maps.h"
#include "core/examine/examine.h"
#include "core/report/report_content.h"
#include "core/report/report_text.h"
#include "core/report/words.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

ToolContent thisTool() {
    return {kVersion,   kCommit,        kBuildType, kCompiler, examine::runtimeDescription(),
            hostName(), processorName()};
}

/// Collects one report.
class Collector {
public:
    Collector(cases::CaseStore& store, const ReportOptions& options, const fs::path& workspace,
              const WorkContext& context)
        : m_store(store), m_workspace(workspace), m_context(context) {
        m_out.options = options;
    }

    ReportContent run() {
        m_out.options.validate();
        m_out.info = m_store.info();
        m_out.createdUtc = utcNow();
        m_out.tool = thisTool();
        m_out.scale = loadScale();
        m_out.registeredCodes = static_cast<std::int64_t>(m_store.codes().valid().size());
        readTags();
        readExhibits();
        const std::set<std::string> topics = m_out.topics();
        m_out.glossary = loadStatements("glossary", topics);
        m_out.limits = loadStatements("limits", topics);
        if (!topics.contains(std::string(toString(models::Kind::Signature))) &&
            m_out.options.title == ReportOptions().title)
            m_out.options.title = "Examination of images";
        verifyExhibits();
        readFindings();
        for (ExhibitContent& exhibit : m_out.exhibits) assess(exhibit);
        m_out.falseFindings = expectedFalseFindings(m_out.exhibits);
        verifyCase();
        m_out.earlier = m_store.reports().all();
        number();
        fillFields();
        checkExaminer();
        findBlockers();
        return std::move(m_out);
    }

private:
    void stopIfAsked() const {
        if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the report was stopped");
    }

    VerbalScale loadScale() const {
        const std::string wanted = fieldValue("verbal_scale", m_out.info, m_out.options);
        return loadVerbalScale(wanted.empty() ? "enfsi-2015" : wanted);
    }

    void readTags() {
        for (const cases::Tag& tag : m_store.tags().all()) m_tags[tag.id] = tag.name;
        for (const std::string& wanted : m_out.options.tags) {
            const auto found =
                std::find_if(m_tags.begin(), m_tags.end(), [&](const auto& t) { return t.second == wanted; });
            if (found == m_tags.end())
                throw Error(ErrorCode::NotFound, fmt::format("the case has no tag \"{}\"", wanted));
            m_wanted.insert(found->first);
        }
    }

    std::vector<std::string> namesOf(const std::vector<cases::RowId>& tags) const {
        std::vector<std::string> names;
        for (const cases::RowId tag : tags)
            if (const auto found = m_tags.find(tag); found != m_tags.end()) names.push_back(found->second);
        return names;
    }

    void readExhibits() {
        const std::vector<cases::Exhibit> all = m_store.exhibits().all();
        m_out.exhibitsInCase = static_cast<int>(all.size());
        std::map<cases::RowId, std::vector<cases::Artifact>> artifacts;
        for (cases::Artifact& artifact : m_store.results().artifacts())
            artifacts[artifact.examination].push_back(std::move(artifact));
        for (const cases::Exhibit& exhibit : all) {
            const auto& tags = exhibit.tags;
            if (!m_wanted.empty() && std::none_of(tags.begin(), tags.end(),
                                                  [&](cases::RowId tag) { return m_wanted.contains(tag); }))
                continue;
            stopIfAsked();
            ExhibitContent e;
            e.exhibit = exhibit;
            e.label = fmt::format("Exhibit {}", exhibit.id);
            e.name = cases::nameOf(exhibit);
            e.file = m_store.exhibits().fileOf(exhibit);
            e.tags = namesOf(tags);
            e.custody = m_store.custody().of(exhibit.id);
            std::vector<cases::Examination> examinations = m_store.results().examinations(exhibit.id);
            e.examinations = static_cast<int>(examinations.size());
            for (cases::Examination& x : examinations)
                if (x.id == exhibit.examination) e.examination = std::move(x);
            if (e.examination) {
                e.results = modelResults(e.examination->record);
                for (const cases::Artifact& artifact : artifacts[e.examination->id]) {
                    if (artifact.kind != "heatmap") continue;
                    e.evidenceMaps.push_back({m_store.folder() / artifact.path, artifact.sha256,
                                              cases::modelOfMap(artifact, e.examination->record)});
                }
            }
            m_out.exhibits.push_back(std::move(e));
        }
    }

    void verifyExhibits() {
        for (std::size_t i = 0; i < m_out.exhibits.size(); ++i) {
            stopIfAsked();
            m_context.report(i, m_out.exhibits.size(), "hashing exhibits");
            ExhibitContent& e = m_out.exhibits[i];
            e.integrityProblem = toUtf8(cases::verifyExhibit(m_store, e.exhibit));
            e.verifiedUtc = utcNow();
        }
    }

    void readFindings() {
        std::map<cases::RowId, ExhibitContent*> byId;
        for (ExhibitContent& e : m_out.exhibits) byId[e.exhibit.id] = &e;
        for (cases::Finding& finding : m_store.findings().all()) {
            const auto found = byId.find(finding.exhibit);
            if (found == byId.end()) continue;
            auto tags = namesOf(finding.tags);
            found->second->findings.push_back({std::move(finding), std::move(tags)});
        }
    }

    const ModelContent& modelOf(const std::string& name, const std::string& sha256) {
        if (const ModelContent* known = m_out.model(name, sha256)) return *known;
        m_out.models.push_back(loadModelContent(name, sha256, m_workspace));
        return m_out.models.back();
    }

    void assess(ExhibitContent& e) {
        if (e.examination && !e.results.empty()) {
            for (ModelResult& r : e.results) {
                const ModelContent& model = modelOf(r.finding.model, r.finding.modelSha256);
                r.validated = model.manifest && model.manifest->validated;
                r.likelihood = likelihoodOf(r, model, e.intact());
            }
        }
        e.conclusion = conclude({e.exhibit, e.examination ? &*e.examination : nullptr, e.results,
                                 e.integrityProblem, m_out.registeredCodes},
                                m_out.scale);
    }

    /// The exhibits and maps of this report are hashed; of the rest of the case the database is verified, and
    /// that no file is in its folder that it does not know.
    void verifyCase() {
        m_out.head = m_store.audit().head();
        cases::VerifyOptions options;
        options.files = false;
        options.expectedHead = m_out.head.hash;
        m_out.verification = cases::verify(m_store, options, m_context);
        cases::checkFolder(m_store, m_out.verification);
        m_out.verifiedUtc = utcNow();
        for (const ExhibitContent& e : m_out.exhibits) {
            ++m_out.verification.exhibitFiles;
            if (!e.intact())
                m_out.verification.problems.push_back(
                    {"evidence", fmt::format("evidence:{}", e.exhibit.id), e.integrityProblem});
            for (const EvidenceMapFile& map : e.evidenceMaps) {
                stopIfAsked();
                ++m_out.verification.artifacts;
                if (const std::string problem = mapProblem(map); !problem.empty())
                    m_out.verification.problems.push_back(
                        {"artifact", fmt::format("evidence:{}", e.exhibit.id), problem});
            }
        }
    }

    static std::string mapProblem(const EvidenceMapFile& map) {
        try {
            const std::string now = hashFile(map.path).sha256;
            if (now == map.sha256) return {};
            return fmt::format("the evidence map {} has SHA-256 {} now, {} was recorded",
                               toUtf8(map.path.string()), now, map.sha256);
        } catch (const Error& error) {
            return toUtf8(error.what());
        }
    }

    void number() {
        m_out.version = m_out.earlier.empty() ? 1 : m_out.earlier.back().version + 1;
        for (const cases::IssuedReport& r : m_out.earlier)
            m_out.version = std::max(m_out.version, r.version + 1);
        const auto first = m_store.audit().entries(1, 1);
        std::string origin =
            first.empty() ? sha256Hex(m_out.info.createdUtc + m_out.info.title) : first.front().hash;
        origin = origin.substr(0, 8);
        std::transform(origin.begin(), origin.end(), origin.begin(),
                       [](unsigned char c) { return std::toupper(c); });
        m_out.id = fmt::format("SG-{}-R{}", origin, m_out.version);
        if (m_store.readOnly()) {
            m_out.id +=
                "-X" +
                sha256Hex(fmt::format("{} {} {}", m_out.createdUtc, hostName(), ::getpid())).substr(0, 6);
            m_out.warnings.push_back("This report is not recorded in the case, which could only be read: " +
                                     visible(m_store.readOnlyReason()));
        }
        const std::string status = m_out.options.final ? "final" : "draft";
        m_out.supersedes = std::max(0, m_out.options.supersedes);
        if (m_out.options.supersedes < 0) {
            for (const cases::IssuedReport& r : m_out.earlier)
                if (r.status == status) m_out.supersedes = r.version;
        }
        if (m_out.supersedes == 0) return;
        const auto replaced = std::find_if(m_out.earlier.begin(), m_out.earlier.end(),
                                           [&](const auto& r) { return r.version == m_out.supersedes; });
        if (replaced == m_out.earlier.end()) {
            throw Error(ErrorCode::NotFound,
                        fmt::format("the case has no report version {} to be superseded", m_out.supersedes));
        }
        m_out.supersededReport =
            fmt::format("version {} ({}, {}), SHA-256 {}", replaced->version, replaced->status,
                        localTime(replaced->createdUtc), replaced->sha256);
    }

    void fillFields() {
        for (const ReportField& field : reportFields()) {
            if (std::string_view(field.key) == "verbal_scale") continue;
            m_out.fields.push_back(
                {field.key, field.label, fieldValue(field.key, m_out.info, m_out.options), field.required});
        }
    }

    void checkExaminer() {
        for (const std::string& actor : m_store.audit().actors()) m_out.actors.push_back(toUtf8(actor));
        if (const std::string problem = m_out.strangeExaminer(); !problem.empty())
            m_out.warnings.push_back(problem);
    }

    void findBlockers() {
        auto& blockers = m_out.blockers;
        if (!m_out.options.confirmExaminer && !m_out.strangeExaminer().empty())
            blockers.push_back(
                "by the case's record the examiner took in, examined and assessed no exhibit: correct the "
                "name or confirm it");
        for (const ReportField* field : missingFields(m_out.info, m_out.options))
            blockers.push_back(fmt::format("the field \"{}\" ({}) is empty", field->label, field->key));
        for (const SectionInfo& section : reportSections())
            if (section.required && !m_out.options.has(section.section))
                blockers.push_back(fmt::format("the section \"{}\" is left out", section.key));
        if (m_out.exhibits.empty()) blockers.push_back("there is no exhibit to report on");
        std::vector<cases::RowId> waiting;
        for (const ExhibitContent& e : m_out.exhibits)
            if (!e.examination) waiting.push_back(e.exhibit.id);
        if (!waiting.empty())
            blockers.push_back(fmt::format("not examined: exhibit{} {}; examine or leave out by tags",
                                           waiting.size() == 1 ? "" : "s", fmt::join(waiting, ", ")));
        if (!m_out.verification.ok() && m_out.options.acceptProblems.empty()) {
            const cases::Problem& p = m_out.verification.problems.front();
            blockers.push_back(fmt::format(
                "the verification found {} problem{} ({}: {}); state why the report is issued "
                "nevertheless",
                m_out.verification.problems.size(), m_out.verification.problems.size() == 1 ? "" : "s",
                subjectInWords(p), shownName(p.message)));
        }
        if (m_store.readOnly())
            blockers.push_back("the case can only be read, so that the report cannot be recorded in it");
    }

    cases::CaseStore& m_store;
    const fs::path& m_workspace;
    const WorkContext& m_context;
    ReportContent m_out;
    std::map<cases::RowId, std::string> m_tags;
    std::set<cases::RowId> m_wanted;
};

}  // namespace

ReportContent collectReport(cases::CaseStore& store, const ReportOptions& options, const fs::path& workspace,
                            const WorkContext& context) {
    return Collector(store, options, workspace, context).run();
}

std::vector<Statement> loadStatements(const std::string& list, const std::set<std::string>& topics) {
    const fs::path path = dataFolder() / "resources/reporting/statements.json";
    const Json json = Json::parse(readTextFile(path), nullptr, false);
    try {
        std::vector<Statement> out;
        for (const Json& entry : json.at(list)) {
            const auto of = entry.value("of", std::vector<std::string>());
            if (!of.empty() && std::none_of(of.begin(), of.end(),
                                            [&](const std::string& topic) { return topics.contains(topic); }))
                continue;
            out.push_back({entry.at("title").get<std::string>(), entry.at("text").get<std::string>()});
        }
        return out;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} lacks a part: {}", path.string(), error.what()));
    }
}

}  // namespace signet::report
