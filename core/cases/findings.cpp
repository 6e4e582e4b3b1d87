#include "core/cases/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/read_rows.h"

namespace signet::cases {
namespace {

FindingStatus findingStatusOf(const std::string& text) {
    for (const FindingStatus status : {FindingStatus::Ok, FindingStatus::Warning})
        if (toString(status) == text) return status;
    return FindingStatus::ToBeChecked;
}

/// The tags of a finding as they are to be, each change recorded.
void setFindingTags(CaseConnection& store, const Finding& finding) {
    std::map<RowId, std::pair<RowId, bool>> now;  // tag -> row, removed
    eachRow(store.sql(), "SELECT tag_id, id, removed FROM finding_tag WHERE finding_id = :key1", {finding.id},
            [&](RowReader& row) {
                const RowId tag = row.integer();
                const RowId id = row.integer();
                now[tag] = {id, row.integer() != 0};
            });
    const auto set = [&](RowId tag, bool on) {
        const auto known = now.find(tag);
        RowId id = 0;
        if (known == now.end()) {
            id = insertRow(store.sql(), "finding_tag",
                           {{"finding_id", finding.id}, {"tag_id", tag}, {"removed", std::int64_t{0}}});
        } else {
            if (known->second.second != on) return;
            id = known->second.first;
            updateRows(store.sql(), "finding_tag", {{"removed", std::int64_t{!on}}}, "id = :key1", {id});
        }
        store.record(on ? "tagged" : "tag removed", "finding_tag", id,
                     {{"finding", finding.id}, {"tag", tag}});
    };
    for (const RowId tag : finding.tags) set(tag, true);
    for (const auto& [tag, row] : now)
        if (std::find(finding.tags.begin(), finding.tags.end(), tag) == finding.tags.end()) set(tag, false);
}

Finding readFinding(RowReader& row) {
    Finding f;
    f.id = row.integer();
    f.exhibit = row.integer();
    f.examination = row.integer();
    f.status = findingStatusOf(row.text());
    f.comment = row.text();
    f.region = row.json();
    f.params = row.json();
    f.createdUtc = row.text();
    f.author = row.text();
    return f;
}

/// exhibit 0: of all.
std::vector<Finding> readFindings(CaseConnection& store, RowId exhibit) {
    std::vector<Finding> findings;
    store.database.read([&] {
        findings = readRows(
            store,
            fmt::format("SELECT id, evidence_id, examination_id, status, comment, region_json, params_json, "
                        "created_utc, author FROM finding WHERE removed = 0{} ORDER BY id",
                        exhibit == 0 ? "" : " AND evidence_id = :key1"),
            exhibit == 0 ? std::vector<SqlValue>{} : std::vector<SqlValue>{exhibit}, readFinding);
        if (findings.empty()) return;
        readTags(store, "SELECT finding_id, tag_id FROM finding_tag WHERE removed = 0 ORDER BY tag_id",
                 findings);
    });
    return findings;
}

}  // namespace

std::string_view toString(FindingStatus status) {
    switch (status) {
        case FindingStatus::Ok:
            return "ok";
        case FindingStatus::ToBeChecked:
            return "to be checked";
        case FindingStatus::Warning:
            return "warning";
    }
    return "to be checked";
}

void Findings::save(Finding& finding) {
    m_case.database.write([&] {
        if (finding.id == 0) {
            finding.createdUtc = utcNow();
            finding.author = m_case.actor;
        }
        const std::vector<Field> fields{{"evidence_id", finding.exhibit},
                                        {"examination_id", finding.examination},
                                        {"status", std::string(toString(finding.status))},
                                        {"comment", finding.comment},
                                        {"region_json", finding.region.dump()},
                                        {"params_json", finding.params.dump()},
                                        {"created_utc", finding.createdUtc},
                                        {"author", finding.author},
                                        {"removed", std::int64_t{0}}};
        const bool isNew = finding.id == 0;
        if (isNew)
            finding.id = insertRow(m_case.sql(), "finding", fields);
        else
            updateRows(m_case.sql(), "finding", fields, "id = :key1", {finding.id});
        m_case.record(isNew ? "finding made" : "finding changed", "finding", finding.id,
                      {{"evidence", finding.exhibit}, {"status", toString(finding.status)}});
        setFindingTags(m_case, finding);
    });
}

void Findings::remove(RowId id) {
    m_case.database.write([&] {
        if (updateRows(m_case.sql(), "finding", {{"removed", std::int64_t{1}}}, "id = :key1", {id}) == 0)
            throw Error(ErrorCode::NotFound, fmt::format("there is no finding {}", id));
        m_case.record("finding removed", "finding", id);
    });
}

std::vector<Finding> Findings::all() {
    return readFindings(m_case, 0);
}

std::vector<Finding> Findings::of(RowId exhibit) {
    return readFindings(m_case, exhibit);
}

}  // namespace signet::cases
