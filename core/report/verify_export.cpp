#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/report/archive.h"
#include "core/report/portable_export.h"

namespace fs = std::filesystem;

namespace signet::report {
namespace {

constexpr std::uint64_t kMaxManifestBytes = 256ull << 20;
constexpr std::uint64_t kMaxRecordBytes = 2ull << 30;
constexpr const char* kManifest = "manifest.json";
constexpr const char* kRecords = "case.json";

std::string textOf(const Json& json, const char* key) {
    if (!json.is_object()) return {};
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& listOf(const Json& json, const char* key) {
    static const Json kNone = Json::array();
    if (!json.is_object()) return kNone;
    const auto found = json.find(key);
    return found != json.end() && found->is_array() ? *found : kNone;
}

class ExportVerifier {
public:
    ExportVerifier(const fs::path& path, const std::string& expected, const WorkContext& context)
        : m_path(path), m_expected(expected), m_context(context) {}

    ExportVerification run() {
        std::error_code error;
        if (!fs::exists(m_path, error))
            throw Error(ErrorCode::NotFound, fmt::format("{} is not there", toUtf8(m_path.string())));
        try {
            m_archive = ArchiveReader::open(m_path);
            if (readManifest()) {
                checkFiles();
                checkRecords();
            }
        } catch (const Error& failure) {
            if (failure.code() == ErrorCode::NoPermission || failure.code() == ErrorCode::Cancelled) throw;
            problem("file", toUtf8(m_path.filename().string()), toUtf8(failure.what()));
        }
        return std::move(m_result);
    }

private:
    struct Listed {
        std::string sha256;
        std::int64_t bytes = 0;
        bool good = false;  ///< its bytes are the listed ones
    };

    void problem(const std::string& kind, const std::string& subject, const std::string& message) {
        m_result.problems.push_back({kind, subject, message});
    }

    bool readManifest() {
        std::string text;
        try {
            text = m_archive->readText(kManifest, kMaxManifestBytes);
        } catch (const Error& error) {
            problem("manifest", kManifest, toUtf8(error.what()));
            return false;
        }
        m_result.manifestSha256 = sha256Hex(text);
        if (!m_expected.empty() && m_result.manifestSha256 != m_expected) {
            problem("manifest", kManifest,
                    fmt::format(
                        "the manifest has SHA-256 {}, {} was handed over: it is not the export that was made",
                        m_result.manifestSha256, toUtf8(m_expected)));
        }
        const Json json = Json::parse(text, nullptr, false);
        if (textOf(json, "format") != "signet-portable-export") {
            problem("manifest", kManifest, "it is not the manifest of a Signet export");
            return false;
        }
        m_result.head = textOf(json, "audit_head");
        for (const Json& file : listOf(json, "files")) {
            const std::string name = textOf(file, "path");
            const auto bytes = file.is_object() ? file.find("bytes") : file.end();
            if (!isSafeName(name) || name == kManifest || textOf(file, "sha256").size() != 64 ||
                bytes == file.end() || !bytes->is_number_integer()) {
                problem("manifest", kManifest, fmt::format("an entry is not valid: {}", toUtf8(name)));
                continue;
            }
            if (!m_listed.emplace(name, Listed{textOf(file, "sha256"), bytes->get<std::int64_t>(), false})
                     .second)
                problem("manifest", kManifest, fmt::format("{} is listed twice", toUtf8(name)));
        }
        return true;
    }

    void checkFiles() {
        std::set<std::string> there;
        for (const std::string& name : m_archive->names()) {
            if (!there.insert(name).second) problem("file", toUtf8(name), "the file is there twice");
            if (name != kManifest && !m_listed.contains(name))
                problem("file", toUtf8(name), "the file is not in the manifest: it was added later");
        }
        for (auto& [name, listed] : m_listed) {
            if (m_context.stop.stop_requested())
                throw Error(ErrorCode::Cancelled, "the verification was stopped");
            m_context.report(static_cast<std::uint64_t>(m_result.files), m_listed.size(), "hashing files");
            ++m_result.files;
            if (!there.contains(name))
                problem("file", toUtf8(name), "the file is missing");
            else
                checkFile(name, listed);
        }
    }

    void checkFile(const std::string& name, Listed& listed) {
        try {
            StreamHash hash;
            std::int64_t bytes = 0;
            m_archive->read(name, [&](std::span<const std::uint8_t> part) {
                bytes += static_cast<std::int64_t>(part.size());
                hash.add(part);
                return bytes <= listed.bytes;  // no more is read of a file that is longer than it was
            });
            if (bytes != listed.bytes) {
                problem("file", toUtf8(name),
                        fmt::format("the file does not have its {} bytes", listed.bytes));
                return;
            }
            const std::string now = hash.finish().sha256;
            listed.good = now == listed.sha256;
            if (!listed.good)
                problem("file", toUtf8(name),
                        fmt::format("the file has SHA-256 {}, the manifest says {}", now, listed.sha256));
        } catch (const Error& error) {
            problem("file", toUtf8(name), toUtf8(error.what()));
        }
    }

    void checkRecords() {
        const auto listed = m_listed.find(kRecords);
        if (listed == m_listed.end()) {
            problem("file", kRecords, "the export has no records");
            return;
        }
        if (!listed->second.good) return;  // named already
        const Json json = Json::parse(m_archive->readText(kRecords, kMaxRecordBytes), nullptr, false);
        if (textOf(json, "format") != "signet-portable-case") {
            problem("file", kRecords, "the records cannot be read");
            return;
        }
        for (const Json& exhibit : listOf(json, "exhibits")) {
            ++m_result.rows;
            const std::string number = exhibit.is_object() ? exhibit.value("number", Json()).dump() : "?";
            if (const std::string file = textOf(exhibit, "file"); !file.empty()) {
                ++m_result.exhibitFiles;
                compare("evidence", "evidence:" + number, file, textOf(exhibit, "sha256"));
            }
            for (const Json& artifact : listOf(exhibit, "artifacts")) {
                ++m_result.artifacts;
                compare("artifact", "evidence:" + number, textOf(artifact, "file"),
                        textOf(artifact, "sha256"));
            }
        }
        checkChain(json);
    }

    /// The hash of the records must be that of the manifest for the same file.
    void compare(const std::string& kind, const std::string& subject, const std::string& file,
                 const std::string& sha256) {
        const auto listed = m_listed.find(file);
        if (listed == m_listed.end())
            problem(kind, subject, fmt::format("its file {} is not in the export", toUtf8(file)));
        else if (listed->second.sha256 != sha256)
            problem(kind, subject,
                    fmt::format("{} has another SHA-256 than the records give: {}", toUtf8(file), sha256));
    }

    void checkChain(const Json& json) {
        const auto head = json.find("audit_head");
        if (head != json.end() && textOf(*head, "hash") != m_result.head)
            problem("audit", "audit", "records and manifest name different heads of the audit log");
        std::string previous;
        for (const Json& e : listOf(json, "audit")) {
            cases::AuditEntry entry;
            entry.seq = e.is_object() && e.contains("seq") && e["seq"].is_number_integer()
                            ? e["seq"].get<std::int64_t>()
                            : 0;
            entry.utc = textOf(e, "utc");
            entry.actor = textOf(e, "actor");
            entry.action = textOf(e, "action");
            entry.subject = textOf(e, "subject");
            entry.details = textOf(e, "details");
            entry.previousHash = textOf(e, "previous_hash");
            entry.hash = textOf(e, "hash");
            ++m_result.auditEntries;
            const std::string subject = fmt::format("audit:{}", entry.seq);
            if (entry.seq != m_result.auditEntries)
                problem("audit", subject,
                        fmt::format("entry {} is missing from the audit log", m_result.auditEntries));
            else if (m_result.auditEntries > 1 && entry.previousHash != previous)
                problem("audit", subject, "the entry does not follow the one before it");
            if (cases::hashOf(entry) != entry.hash)
                problem("audit", subject, "the entry was changed after it was written");
            previous = entry.hash;
        }
        if (m_result.auditEntries > 0 && previous != m_result.head)
            problem("audit", "audit", "the audit log does not end at the head that the manifest names");
    }

    const fs::path& m_path;
    const std::string& m_expected;
    const WorkContext& m_context;
    std::unique_ptr<ArchiveReader> m_archive;
    std::map<std::string, Listed> m_listed;
    ExportVerification m_result;
};

}  // namespace

bool isExport(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return fs::exists(path / kManifest, error);
    std::string head;
    try {
        readParts(path, [&](std::span<const std::uint8_t> part) {
            head.assign(part.begin(),
                        part.begin() + static_cast<long>(std::min<std::size_t>(4, part.size())));
            return false;
        });
    } catch (const Error&) {
    }
    return head == "PK\x03\x04";
}

ExportVerification verifyExport(const fs::path& path, const std::string& expectedManifest,
                                const WorkContext& context) {
    return ExportVerifier(path, expectedManifest, context).run();
}

}  // namespace signet::report
