#include "core/report/issue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::report {

std::string formatOf(const fs::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (const char* format : {"pdf", "html", "json", "csv"})
        if (ending == std::string(".") + format) return format;
    throw Error(ErrorCode::BadOption,
                fmt::format("{} ends neither in .pdf nor in .html, .json or .csv", toUtf8(path.string())));
}

ReportWriter coreWriter(const std::string& format) {
    if (format == "html") return writeHtml;
    if (format == "json") return writeJson;
    if (format == "csv") return writeCsv;
    throw Error(ErrorCode::BadOption, fmt::format("there is no report format \"{}\" here", format));
}

void refuseCaseFiles(const fs::path& output, const std::string& location, const ReportContent& content) {
    const auto refuse = [&](const fs::path& input) {
        std::error_code ignored;
        if (fs::equivalent(input, output, ignored))
            throw Error(ErrorCode::Exists,
                        fmt::format("the output {} is an input; choose another folder or name",
                                    toUtf8(output.string())));
    };
    refuse(location);
    for (const ExhibitContent& e : content.exhibits) {
        refuse(e.file);
        refuse(e.exhibit.originalPath);
        for (const EvidenceMapFile& map : e.evidenceMaps) refuse(map.path);
    }
}

void requireIssuable(const ReportContent& content) {
    if (content.draft() || content.blockers.empty()) return;
    std::string list;
    for (const std::string& blocker : content.blockers) list += "\n  - " + blocker;
    const bool unverified = !content.verification.ok() && content.options.acceptProblems.empty();
    throw Error(unverified ? ErrorCode::NotVerified : ErrorCode::BadOption,
                "the report cannot be final yet:" + list + "\nA draft can be made at any time.");
}

cases::IssuedReport issueReport(cases::CaseStore& store, const ReportContent& content, const fs::path& path,
                                const ReportWriter& writer, IfExists ifExists, const WorkContext& context) {
    requireIssuable(content);
    cases::IssuedReport issued;
    issued.version = content.version;
    issued.supersedes = content.supersedes;
    issued.format = formatOf(path);
    issued.path = toUtf8(fs::absolute(path).lexically_normal().string());
    issued.status = content.draft() ? "draft" : "final";
    issued.auditHead = content.head.hash;
    streamFileAtomically(
        path,
        [&](const WritePart& write) {
            StreamHash hash;
            writer(
                content,
                [&](std::span<const std::uint8_t> part) {
                    hash.add(part);
                    write(part);
                },
                context);
            issued.sha256 = hash.finish().sha256;
            if (!store.readOnly()) store.reports().add(issued);
        },
        ifExists);
    if (!content.draft() && !store.readOnly()) {
        if (!content.verification.ok())
            store.audit().note("problems accepted", fmt::format("report:{}", issued.id),
                               {{"problems", content.verification.problems.size()},
                                {"reason", content.options.acceptProblems}});
        const std::string details = fmt::format("report {}, SHA-256 {}", content.id, issued.sha256);
        for (const ExhibitContent& e : content.exhibits)
            store.custody().add(e.exhibit.id, "reported", details);
    }
    return issued;
}

}  // namespace signet::report
