#include "core/report/portable_export.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/report/archive.h"
#include "core/report/json_parts.h"
#include "core/report/writers.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

constexpr const char* kReadme =
    "This is a portable export of a Signet case, or of a part of one.\n\n"
    "evidence/     the exhibits, byte for byte; their number is the one they have in the case\n"
    "artifacts/    what the examinations made (evidence maps)\n"
    "case.json     the records: case, exhibits, custody, examinations, findings, codes, audit log\n"
    "report.html   a report of the selection; report.json is the same for programs\n"
    "SHA256SUMS    hashes of all of these files\n"
    "manifest.json hashes and sizes of all files but itself\n\n"
    "To verify it with Signet:       signet case verify THIS --head MANIFEST_SHA256\n"
    "To verify it without Signet:    sha256sum -c SHA256SUMS    and compare    sha256sum manifest.json\n"
    "with the hash that was handed over with the export. A hash found inside the export proves nothing.\n";

/// A name that every file system takes, in front of it the exhibit's number.
std::string exportName(const ExhibitContent& e) {
    constexpr std::size_t kLongest = 80;
    std::string name;
    for (const char c : e.name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '.' || c == '-' || c == '_';
        name += plain ? c : '_';
    }
    if (name.size() > kLongest) name.erase(0, name.size() - kLongest);  // the ending stays
    return fmt::format("evidence/{:06}-{}", e.exhibit.id, name);
}

/// A folder for generated files, beside the export, gone with the object.
class Staging {
public:
    explicit Staging(const fs::path& beside) {
        const fs::path folder = beside.has_parent_path() ? beside.parent_path() : fs::path(".");
        m_path = folder / fittingName("." + beside.filename().native(), fmt::format(".{}.stage", ::getpid()));
        std::error_code error;
        fs::remove_all(m_path, error);
        fs::create_directories(m_path, error);
        if (error) throwFileError(error.value(), folder, "write");
    }
    ~Staging() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    fs::path operator/(const char* name) const { return m_path / name; }

private:
    fs::path m_path;
};

class Exporter {
public:
    Exporter(cases::CaseStore& store, const fs::path& path, const ExportOptions& options,
             const fs::path& workspace, const WorkContext& context)
        : m_store(store), m_path(path), m_options(options), m_context(context), m_staging(path) {
        ReportOptions report = options.report;
        report.tags = options.tags;
        report.final = false;
        m_content = collectReport(store, report, workspace, context);
        if (m_content.exhibits.empty()) throw Error(ErrorCode::BadOption, "there is no exhibit to export");
    }

    ExportResult run() {
        addExhibits();
        addRecords();
        stage("report.html", [&](const WritePart& write) { writeHtml(m_content, write, m_context); });
        stage("report.json", [&](const WritePart& write) { writeJson(m_content, write, m_context); });
        stageText("README.txt", kReadme);
        stageText("SHA256SUMS", sums());
        const std::string manifest = manifestJson().dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
        stageText("manifest.json", manifest);
        m_result.manifestSha256 = sha256Hex(manifest);
        m_result.files = static_cast<int>(m_entries.size());
        writeVerified();
        record();
        return std::move(m_result);
    }

private:
    struct Known {
        std::string name;
        std::string sha256;
        std::int64_t bytes = 0;
    };

    void add(const std::string& name, const fs::path& source, const std::string& sha256, std::int64_t bytes) {
        m_entries.push_back({name, source});
        m_known.push_back({name, sha256, bytes});
        m_result.bytes += bytes;
    }

    void stage(const char* name, const std::function<void(const WritePart&)>& produce) {
        const fs::path file = m_staging / name;
        streamFileAtomically(file, produce, IfExists::Refuse);
        const auto digests = hashFile(file);
        add(name, file, digests.sha256, static_cast<std::int64_t>(digests.bytes));
    }

    void stageText(const char* name, const std::string& text) {
        stage(name, [&](const WritePart& write) {
            write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        });
    }

    /// Bytes that are not the recorded ones are not handed on as if they were.
    void addExhibits() {
        for (const ExhibitContent& e : m_content.exhibits) {
            ++m_result.exhibits;
            if (e.intact()) {
                m_files[e.exhibit.id] = exportName(e);
                add(exportName(e), e.file, e.exhibit.sha256, e.exhibit.bytes);
            } else {
                m_result.omitted.push_back(fmt::format("exhibit {}: {}", e.exhibit.id, e.integrityProblem));
            }
            if (!e.examination) continue;
            for (const cases::Artifact& artifact : m_store.results().artifacts(e.examination->id)) {
                const fs::path file = m_store.folder() / artifact.path;
                const std::string problem = cases::fileProblem(file, artifact.sha256);
                const std::string name =
                    isSafeName(artifact.path) ? artifact.path : fmt::format("artifacts/{}", artifact.id);
                if (problem.empty()) {
                    std::error_code error;
                    add(name, file, artifact.sha256, static_cast<std::int64_t>(fs::file_size(file, error)));
                    m_artifacts[e.exhibit.id].push_back(
                        {{"kind", artifact.kind}, {"file", name}, {"sha256", artifact.sha256}});
                } else {
                    m_result.omitted.push_back(fmt::format("exhibit {}: {}", e.exhibit.id, problem));
                }
            }
        }
    }

    void addRecords() {
        stage("case.json", [&](const WritePart& write) {
            const auto put = [&](const std::string& text) {
                write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
            };
            const auto dumped = [](const Json& json) {
                return json.dump(-1, ' ', true, Json::error_handler_t::replace);
            };
            Json head{{"exported_utc", m_content.createdUtc},
                      {"exported_by", m_store.actor()},
                      {"tool", {{"version", m_content.tool.version}, {"commit", m_content.tool.commit}}},
                      {"selection",
                       {{"tags", m_options.tags},
                        {"exhibits", m_content.exhibits.size()},
                        {"of", m_content.exhibitsInCase},
                        {"omitted", m_result.omitted}}},
                      {"case", caseJson(m_content)},
                      {"audit_head", auditJson(m_content.head)}};
            put("{\"format\": \"signet-portable-case\",\n\"schema_version\": 1");
            for (const auto& [key, value] : head.items())
                put(fmt::format(",\n\"{}\": {}", key, dumped(value)));
            put(",\n\"exhibits\": [");
            const char* between = "\n";
            for (const ExhibitContent& e : m_content.exhibits) {
                Json json = exhibitJson(e);
                const auto file = m_files.find(e.exhibit.id);
                json["file"] = file == m_files.end() ? Json(nullptr) : Json(file->second);
                const auto artifacts = m_artifacts.find(e.exhibit.id);
                json["artifacts"] = artifacts == m_artifacts.end() ? Json::array() : artifacts->second;
                put(std::exchange(between, ",\n") + dumped(json));
            }
            put("],\n\"codes\": [");
            between = "\n";
            for (const cases::RegisteredCode& c : m_store.codes().all()) {
                put(std::exchange(between, ",\n") +
                    dumped({{"code", c.hex},
                            {"bits", c.bits},
                            {"model", c.model},
                            {"holder", c.holder},
                            {"issued_utc", c.issuedUtc},
                            {"notes", c.notes},
                            {"withdrawn", c.withdrawn},
                            {"key", textOrNull(c.keyFingerprint)},
                            {"picture_hash", textOrNull(c.pictureHash)},
                            {"picture_sha256", textOrNull(c.pictureSha256)}}));
            }
            put("],\n\"audit\": ");
            if (!m_options.tags.empty() && !m_options.audit) {
                put("null}\n");
                return;
            }
            put("[");
            between = "\n";
            for (const cases::AuditEntry& entry : m_store.audit().entries(1, m_content.head.seq)) {
                Json json = auditJson(entry);
                json["details"] = entry.details;
                json["previous_hash"] = entry.previousHash;
                put(std::exchange(between, ",\n") + dumped(json));
            }
            put("]}\n");
        });
    }

    std::string sums() const {
        std::string text;
        for (const Known& file : m_known) text += fmt::format("{}  {}\n", file.sha256, file.name);
        return text;
    }

    Json manifestJson() const {
        Json files = Json::array();
        for (const Known& file : m_known)
            files.push_back({{"path", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
        return {{"format", "signet-portable-export"},
                {"schema_version", 1},
                {"created_utc", m_content.createdUtc},
                {"created_by", m_store.actor()},
                {"report", m_content.id},
                {"audit_head", m_content.head.hash},
                {"files", files}};
    }

    /// Written under a name of its own, read back, and only then named.
    void writeVerified() {
        const bool zip = m_path.extension() == ".zip" || m_path.extension() == ".ZIP";
        const fs::path folder = m_path.has_parent_path() ? m_path.parent_path() : fs::path(".");
        const fs::path trial =
            folder / fittingName("." + m_path.stem().native(),
                                 fmt::format(".{}.trial{}", ::getpid(), zip ? ".zip" : ""));
        std::error_code ignored;
        fs::remove_all(trial, ignored);
        try {
            if (fs::exists(fs::symlink_status(m_path, ignored)))
                throw Error(ErrorCode::Exists,
                            fmt::format("{} exists: choose another name", toUtf8(m_path.string())));
            writeArchive(trial, m_entries, m_context);
            const ExportVerification found = verifyExport(trial, m_result.manifestSha256, m_context);
            if (!found.ok()) {
                throw Error(ErrorCode::NotVerified,
                            fmt::format("the export does not read back as it was written: {}: {}",
                                        found.problems.front().subject, found.problems.front().message));
            }
            std::error_code error;
            fs::rename(trial, m_path, error);
            if (error) throwFileError(error.value(), m_path, "write");
            flushFolder(folder);
        } catch (...) {
            fs::remove_all(trial, ignored);
            throw;
        }
    }

    void record() {
        if (m_store.readOnly()) return;
        const std::string to = toUtf8(fs::absolute(m_path).lexically_normal().string());
        m_store.audit().note("exported", "case",
                             {{"path", to},
                              {"manifest_sha256", m_result.manifestSha256},
                              {"tags", m_options.tags},
                              {"exhibits", m_result.exhibits}});
        for (const auto& [id, file] : m_files)
            m_store.custody().add(id, "exported",
                                  fmt::format("to {}, manifest SHA-256 {}", to, m_result.manifestSha256));
    }

    cases::CaseStore& m_store;
    const fs::path m_path;
    const ExportOptions& m_options;
    const WorkContext& m_context;
    Staging m_staging;
    ReportContent m_content;
    std::vector<ArchiveEntry> m_entries;
    std::vector<Known> m_known;
    std::map<cases::RowId, std::string> m_files;
    std::map<cases::RowId, Json> m_artifacts;
    ExportResult m_result;
};

}  // namespace

ExportResult exportCase(cases::CaseStore& store, const fs::path& path, const ExportOptions& options,
                        const fs::path& workspace, const WorkContext& context) {
    return Exporter(store, path, options, workspace, context).run();
}

}  // namespace signet::report
