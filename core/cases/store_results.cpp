#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/case_store.h"
#include "core/cases/case_store_impl.h"
#include "core/examine/record_json.h"

namespace signet::cases {
namespace {

constexpr const char* kExamination =
    "SELECT id, evidence_id, method, method_version, models_json, params_json, device, host, examiner, "
    "started_utc, "
    "finished_utc, outcome, problem, record_json FROM examination";

Examination readExamination(RowReader& row) {
    Examination x;
    x.id = row.integer();
    x.evidence = row.integer();
    x.method = row.text();
    x.methodVersion = row.text();
    x.models = row.json();
    x.params = row.json();
    x.device = row.text();
    x.host = row.text();
    x.examiner = row.text();
    x.startedUtc = row.text();
    x.finishedUtc = row.text();
    x.done = row.text() == "done";
    x.problem = row.text();
    x.asRecorded = row.json();
    x.record = examine::recordFromJson(x.asRecorded);
    return x;
}

FindingStatus findingStatusOf(const std::string& text) {
    for (const FindingStatus status : {FindingStatus::Ok, FindingStatus::Warning})
        if (toString(status) == text) return status;
    return FindingStatus::ToBeChecked;
}

std::vector<Artifact> readArtifacts(CaseStore::Impl& impl, const std::string& where,
                                    std::vector<SqlValue> keys) {
    std::vector<Artifact> artifacts;
    impl.database.read([&] {
        artifacts.clear();
        eachRow(
            impl.sql(),
            fmt::format("SELECT id, examination_id, kind, path, sha256 FROM artifact {} ORDER BY id", where),
            keys, [&](RowReader& row) {
                Artifact artifact;
                artifact.id = row.integer();
                artifact.examination = row.integer();
                artifact.kind = row.text();
                artifact.path = row.text();
                artifact.sha256 = row.text();
                artifacts.push_back(std::move(artifact));
            });
    });
    return artifacts;
}

std::vector<Examination> readExaminations(CaseStore::Impl& impl, const std::string& where,
                                          std::vector<SqlValue> keys) {
    std::vector<Examination> examinations;
    impl.database.read([&] {
        examinations.clear();
        eachRow(impl.sql(), fmt::format("{} {} ORDER BY id", kExamination, where), keys,
                [&](RowReader& row) { examinations.push_back(readExamination(row)); });
    });
    return examinations;
}

/// The tags of a finding as they are to be, each change recorded.
void setFindingTags(CaseStore::Impl& impl, const Finding& finding) {
    std::map<RowId, std::pair<RowId, bool>> now;  // tag -> row, removed
    eachRow(impl.sql(), "SELECT tag_id, id, removed FROM finding_tag WHERE finding_id = :key1", {finding.id},
            [&](RowReader& row) {
                const RowId tag = row.integer();
                const RowId id = row.integer();
                now[tag] = {id, row.integer() != 0};
            });
    const auto set = [&](RowId tag, bool on) {
        const auto known = now.find(tag);
        RowId id = 0;
        if (known == now.end()) {
            id = insertRow(impl.sql(), "finding_tag",
                           {{"finding_id", finding.id}, {"tag_id", tag}, {"removed", std::int64_t{0}}});
        } else {
            if (known->second.second != on) return;
            id = known->second.first;
            updateRows(impl.sql(), "finding_tag", {{"removed", std::int64_t{!on}}}, "id = :key1", {id});
        }
        impl.record(on ? "tagged" : "tag removed", "finding_tag", id,
                    {{"finding", finding.id}, {"tag", tag}});
    };
    for (const RowId tag : finding.tags) set(tag, true);
    for (const auto& [tag, row] : now)
        if (std::find(finding.tags.begin(), finding.tags.end(), tag) == finding.tags.end()) set(tag, false);
}

/// A change of a registered code that was not withdrawn.
void changeCodeRow(CaseStore::Impl& impl, RowId id, const std::vector<Field>& fields,
                   const std::string& action, const Json& details) {
    impl.database.write([&] {
        if (updateRows(impl.sql(), "fingerprint", fields, "id = :key1 AND removed = 0", {id}) == 0)
            throw Error(ErrorCode::NotFound, fmt::format("there is no registered code {}", id));
        impl.record(action, "fingerprint", id, details);
    });
}

}  // namespace

std::vector<Examination> CaseStore::examinations(RowId evidence) {
    return readExaminations(*m_impl, "WHERE evidence_id = :key1", {evidence});
}

std::vector<Examination> CaseStore::lastExaminations() {
    return readExaminations(*m_impl, "WHERE id IN (SELECT examination_id FROM work)", {});
}

std::vector<Artifact> CaseStore::artifacts(RowId examination) {
    return readArtifacts(*m_impl, "WHERE examination_id = :key1", {examination});
}

std::vector<Artifact> CaseStore::artifacts() {
    return readArtifacts(*m_impl, "", {});
}

void CaseStore::registerCode(RegisteredCode& code) {
    if (code.holder.empty()) throw Error(ErrorCode::BadOption, "a registered code needs a holder");
    code.hex = hexFromBits(bitsFromHex(code.hex, code.bits));
    m_impl->database.write([&] {
        if (code.issuedUtc.empty()) code.issuedUtc = utcNow();
        code.id = insertRow(m_impl->sql(), "fingerprint",
                            {{"code", code.hex},
                             {"bits", std::int64_t{code.bits}},
                             {"model", code.model},
                             {"holder", code.holder},
                             {"issued_utc", code.issuedUtc},
                             {"notes", code.notes},
                             {"removed", std::int64_t{0}}});
        m_impl->record("code registered", "fingerprint", code.id,
                       {{"code", code.hex}, {"holder", code.holder}});
    });
}

void CaseStore::changeCode(RowId id, const std::string& holder, const std::string& notes) {
    if (holder.empty()) throw Error(ErrorCode::BadOption, "a registered code needs a holder");
    changeCodeRow(*m_impl, id, {{"holder", holder}, {"notes", notes}}, "code changed",
                  {{"holder", holder}, {"notes", notes}});
}

void CaseStore::withdrawCode(RowId id, const std::string& reason) {
    changeCodeRow(*m_impl, id, {{"removed", std::int64_t{1}}}, "code withdrawn", {{"reason", reason}});
}

std::vector<RegisteredCode> CaseStore::codes(bool alsoWithdrawn) {
    std::vector<RegisteredCode> codes;
    m_impl->database.read([&] {
        codes.clear();
        eachRow(m_impl->sql(),
                fmt::format("SELECT id, code, bits, model, holder, issued_utc, notes, removed FROM "
                            "fingerprint{} ORDER BY id",
                            alsoWithdrawn ? "" : " WHERE removed = 0"),
                {}, [&](RowReader& row) {
                    RegisteredCode code;
                    code.id = row.integer();
                    code.hex = row.text();
                    code.bits = static_cast<int>(row.integer());
                    code.model = row.text();
                    code.holder = row.text();
                    code.issuedUtc = row.text();
                    code.notes = row.text();
                    code.withdrawn = row.integer() != 0;
                    codes.push_back(std::move(code));
                });
    });
    return codes;
}

void CaseStore::saveFinding(Finding& finding) {
    m_impl->database.write([&] {
        if (finding.id == 0) {
            finding.createdUtc = utcNow();
            finding.author = m_impl->options.actor;
        }
        const std::vector<Field> fields{{"evidence_id", finding.evidence},
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
            finding.id = insertRow(m_impl->sql(), "finding", fields);
        else
            updateRows(m_impl->sql(), "finding", fields, "id = :key1", {finding.id});
        m_impl->record(isNew ? "finding made" : "finding changed", "finding", finding.id,
                       {{"evidence", finding.evidence}, {"status", toString(finding.status)}});
        setFindingTags(*m_impl, finding);
    });
}

void CaseStore::removeFinding(RowId id) {
    m_impl->database.write([&] {
        if (updateRows(m_impl->sql(), "finding", {{"removed", std::int64_t{1}}}, "id = :key1", {id}) == 0)
            throw Error(ErrorCode::NotFound, fmt::format("there is no finding {}", id));
        m_impl->record("finding removed", "finding", id);
    });
}

std::vector<Finding> CaseStore::findings(RowId evidence) {
    std::vector<Finding> findings;
    m_impl->database.read([&] {
        findings.clear();
        std::map<RowId, std::size_t> at;
        eachRow(
            m_impl->sql(),
            fmt::format("SELECT id, evidence_id, examination_id, status, comment, region_json, params_json, "
                        "created_utc, author FROM finding WHERE removed = 0{} ORDER BY id",
                        evidence == 0 ? "" : " AND evidence_id = :key1"),
            evidence == 0 ? std::vector<SqlValue>{} : std::vector<SqlValue>{evidence}, [&](RowReader& row) {
                Finding f;
                f.id = row.integer();
                f.evidence = row.integer();
                f.examination = row.integer();
                f.status = findingStatusOf(row.text());
                f.comment = row.text();
                f.region = row.json();
                f.params = row.json();
                f.createdUtc = row.text();
                f.author = row.text();
                at[f.id] = findings.size();
                findings.push_back(std::move(f));
            });
        if (findings.empty()) return;
        eachRow(m_impl->sql(), "SELECT finding_id, tag_id FROM finding_tag WHERE removed = 0 ORDER BY tag_id",
                {}, [&](RowReader& row) {
                    const auto found = at.find(row.integer());
                    if (found != at.end()) findings[found->second].tags.push_back(row.integer());
                });
    });
    return findings;
}

}  // namespace signet::cases
