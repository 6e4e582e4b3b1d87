#include "core/report/audit_csv.h"

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/file_io.h"

namespace signet::report {

void writeAuditCsv(const std::filesystem::path& path, std::span<const cases::AuditEntry> entries) {
    streamFileAtomically(
        path,
        [&](const WritePart& write) {
            const auto put = [&](const std::string& text) {
                write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
            };
            put("entry,utc,actor,action,subject,details,previous_hash,hash\r\n");
            for (const cases::AuditEntry& e : entries)
                put(fmt::format("{},{},{},{},{},{},{},{}\r\n", e.seq, csvText(e.utc), csvText(e.actor),
                                csvText(e.action), csvText(e.subject), csvText(e.details),
                                csvText(e.previousHash), csvText(e.hash)));
        },
        IfExists::Replace);
}

}  // namespace signet::report
