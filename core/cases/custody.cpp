#include "core/cases/custody.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/exhibits.h"
#include "core/cases/read_rows.h"

namespace signet::cases {
namespace {

constexpr std::array kActions{"sealed",   "seal checked", "seal opened", "handed over", "taken over",
                              "returned", "stored",       "moved",       "destroyed"};
constexpr std::array kOwn{"received", "examined", "verification failed", "exported", "reported"};
constexpr std::size_t kLongest = 64;  ///< bytes of an action's name

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

}  // namespace

std::span<const char* const> custodyActions() {
    return kActions;
}

std::string custodyActionProblem(const std::string& action) {
    if (action.find_first_not_of(' ') == std::string::npos) return "a custody event needs a name";
    if (action.size() > kLongest) return "the name of a custody event is too long: put more into its details";
    if (std::any_of(action.begin(), action.end(), [](unsigned char c) { return c < 32 || c == 127; }))
        return "the name of a custody event is one line";
    const std::string name = lower(action);
    if (std::any_of(kOwn.begin(), kOwn.end(), [&](const char* own) { return name == own; }))
        return fmt::format("\"{}\" is what the program enters itself when it does it: use another word",
                           action);
    return {};
}

std::vector<CustodyEvent> CustodyLog::of(RowId exhibit) {
    return readRows(
        m_case,
        "SELECT id, evidence_id, utc, actor, action, details FROM custody_event WHERE evidence_id = "
        ":key1 ORDER BY id",
        {exhibit}, [](RowReader& row) {
            CustodyEvent event;
            event.id = row.integer();
            event.exhibit = row.integer();
            event.utc = row.text();
            event.actor = row.text();
            event.action = row.text();
            event.details = row.text();
            return event;
        });
}

void CustodyLog::add(RowId exhibit, const std::string& action, const std::string& details) {
    m_case.database.write([&] {
        const RowId id = insertRow(m_case.sql(), "custody_event",
                                   {{"evidence_id", exhibit},
                                    {"utc", utcNow()},
                                    {"actor", m_case.actor},
                                    {"action", action},
                                    {"details", details}});
        m_case.record("custody", "custody_event", id, {{"evidence", exhibit}, {"action", action}});
    });
}

void CustodyLog::enter(const std::set<RowId>& exhibits, const std::string& action,
                       const std::string& details) {
    if (const std::string problem = custodyActionProblem(action); !problem.empty())
        throw Error(ErrorCode::BadOption, problem);
    if (exhibits.empty()) throw Error(ErrorCode::BadOption, "a custody event is about an exhibit");
    m_case.database.write([&] {
        for (const RowId id : exhibits) {
            (void)Exhibits(m_case).byId(id);
            add(id, action, details);
        }
    });
}

}  // namespace signet::cases
