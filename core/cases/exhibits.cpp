#include "core/cases/exhibits.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/custody.h"
#include "core/cases/read_rows.h"
#include "core/examine/claim.h"
#include "core/examine/findings.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr std::string_view kPicture = " (picture ";

std::string pictureText(int frame) {
    return frame == 1 ? std::string() : fmt::format("{}{})", kPicture, frame);
}

/// Where an exhibit came from as the database holds it: readable text, and the exact bytes of the path where
/// the text is not they: for names that are no UTF-8, and for a further picture of a file, whose text ends in
/// its number.
struct StoredPath {
    std::string text;
    std::string hex;
};

StoredPath storedPath(const fs::path& path, int frame) {
    const std::string bytes = path.string();
    StoredPath stored{toUtf8(bytes) + pictureText(frame), {}};
    if (stored.text != bytes)
        stored.hex = toHex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
    return stored;
}

fs::path pathOf(const StoredPath& stored) {
    return stored.hex.empty() ? stored.text : bytesFromHex(stored.hex);
}

int frameOf(const StoredPath& stored) {
    if (stored.hex.empty()) return 1;
    const std::string path = toUtf8(bytesFromHex(stored.hex)) + std::string(kPicture);
    if (!stored.text.starts_with(path)) return 1;
    int frame = 1;
    std::from_chars(stored.text.data() + path.size(), stored.text.data() + stored.text.size(), frame);
    return frame;
}

WorkState stateOf(const std::string& text) {
    for (const WorkState state : {WorkState::Running, WorkState::Done, WorkState::Failed})
        if (toString(state) == text) return state;
    return WorkState::Waiting;
}

std::optional<examine::MatchAnswer> answerOf(const std::string& text) {
    for (const examine::MatchAnswer answer :
         {examine::MatchAnswer::None, examine::MatchAnswer::Match, examine::MatchAnswer::Contradicted,
          examine::MatchAnswer::Shared})
        if (toString(answer) == text) return answer;
    return std::nullopt;
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

constexpr const char* kExhibits =
    "SELECT e.id, e.sha256, e.md5, e.size, e.original_path, e.original_path_hex, e.copy_path, "
    "e.received_utc, e.received_by, e.received_from, e.modified_utc, e.duplicate_of, e.note, w.state, "
    "w.problem, w.examination_id, w.presence, w.model, w.score, w.threshold, w.keyed, w.code, "
    "w.code_checked, w.match_answer, w.holder, w.remarks FROM evidence e JOIN work w ON w.evidence_id = e.id";

Exhibit readExhibit(RowReader& row) {
    Exhibit e;
    e.id = row.integer();
    e.sha256 = row.text();
    e.md5 = row.text();
    e.bytes = row.integer();
    StoredPath path;
    path.text = row.text();
    path.hex = row.text();
    e.originalPath = pathOf(path);
    e.frame = frameOf(path);
    e.copyPath = row.text();
    e.receivedUtc = row.text();
    e.receivedBy = row.text();
    e.receivedFrom = row.text();
    e.modifiedUtc = row.text();
    e.duplicateOf = row.integer();
    e.note = row.text();
    e.state = stateOf(row.text());
    e.problem = row.text();
    e.examination = row.integer();
    e.presence = row.text();
    e.model = row.text();
    e.score = row.real();
    e.threshold = row.real();
    e.keyed = row.integer() != 0;
    e.code = row.text();
    e.codeChecked = row.integer() != 0;
    e.match = answerOf(row.text());
    e.holder = row.text();
    e.remarks = linesOf(row.text());
    return e;
}

/// The first exhibit that is the same picture of the same bytes; 0: none.
RowId firstLike(soci::session& sql, const Exhibit& e) {
    RowId first = 0;
    eachRow(sql, "SELECT id, original_path, original_path_hex FROM evidence WHERE sha256 = :key1 ORDER BY id",
            {e.sha256}, [&](RowReader& row) {
                const RowId id = row.integer();
                StoredPath path;
                path.text = row.text();
                path.hex = row.text();
                if (first == 0 && frameOf(path) == e.frame) first = id;
            });
    return first;
}

/// ids empty: all.
std::vector<Exhibit> readExhibits(CaseConnection& store, const std::set<RowId>& ids) {
    const auto only = [&](const char* column, const char* word) {
        return ids.empty() ? std::string()
                           : fmt::format(" {} {} IN ({})", word, column, fmt::join(ids, ", "));
    };
    std::vector<Exhibit> rows;
    store.database.read([&] {
        rows = readRows(store, fmt::format("{}{} ORDER BY e.id", kExhibits, only("e.id", "WHERE")), {},
                        readExhibit);
        readTags(
            store,
            fmt::format("SELECT evidence_id, tag_id FROM evidence_tag WHERE removed = 0{} ORDER BY tag_id",
                        only("evidence_id", "AND")),
            rows);
    });
    return rows;
}

}  // namespace

std::string nameOf(const Exhibit& exhibit) {
    return exhibit.originalPath.filename().string() + pictureText(exhibit.frame);
}

std::optional<double> log10POf(const Exhibit& exhibit) {
    return exhibit.keyed && !exhibit.model.empty() ? std::optional(-exhibit.score) : std::nullopt;
}

bool isUnverified(const Exhibit& e) {
    return !e.code.empty() && !e.codeChecked && e.match != examine::MatchAnswer::Match;
}

std::string codeText(const Exhibit& exhibit) {
    return isUnverified(exhibit) ? examine::unverifiedCode(exhibit.code) : exhibit.code;
}

std::optional<examine::Presence> presenceOf(const Exhibit& exhibit) {
    if (exhibit.presence.empty()) return std::nullopt;
    if (exhibit.presence == examine::kInconclusive) return examine::Presence::Inconclusive;
    return exhibit.score >= exhibit.threshold ? examine::Presence::Present : examine::Presence::Absent;
}

std::vector<bool> Exhibits::add(std::span<Exhibit> items) {
    std::vector<bool> added;
    m_case.database.write([&] {
        added.clear();
        for (Exhibit& e : items) {
            const StoredPath path = storedPath(e.originalPath, e.frame);
            const RowId known =
                oneNumber(m_case.sql(),
                          "SELECT id FROM evidence WHERE sha256 = :key1 AND original_path = :key2 "
                          "AND original_path_hex = :key3",
                          {e.sha256, path.text, path.hex});
            added.push_back(known == 0);
            e.id = known;
            if (known != 0) continue;
            e.duplicateOf = firstLike(m_case.sql(), e);
            if (e.receivedUtc.empty()) e.receivedUtc = utcNow();
            e.receivedBy = m_case.actor;
            e.id = insertRow(m_case.sql(), "evidence",
                             {{"sha256", e.sha256},
                              {"md5", e.md5},
                              {"size", e.bytes},
                              {"original_path", path.text},
                              {"original_path_hex", path.hex},
                              {"copy_path", e.copyPath},
                              {"received_utc", e.receivedUtc},
                              {"received_by", e.receivedBy},
                              {"received_from", e.receivedFrom},
                              {"modified_utc", e.modifiedUtc},
                              {"duplicate_of", e.duplicateOf},
                              {"note", e.note}});
            insertPlain(m_case.sql(), "work",
                        {{"evidence_id", e.id},
                         {"state", std::string("waiting")},
                         {"worker", std::string()},
                         {"lease_until_ms", std::int64_t{0}},
                         {"attempts", std::int64_t{0}},
                         {"examination_id", std::int64_t{0}},
                         {"problem", std::string()},
                         {"presence", std::string()},
                         {"model", std::string()},
                         {"score", 0.0},
                         {"threshold", 0.0},
                         {"keyed", std::int64_t{0}},
                         {"code", std::string()},
                         {"code_checked", std::int64_t{0}},
                         {"match_answer", std::string()},
                         {"holder", std::string()},
                         {"remarks", std::string()}});
            Json details{{"sha256", e.sha256}};
            if (e.frame != 1) details["picture"] = e.frame;
            m_case.record("evidence received", "evidence", e.id, details);
            CustodyLog(m_case).add(
                e.id, "received",
                (e.copyPath.empty()
                     ? std::string("left where it is; SHA-256 and MD5 computed")
                     : "copied into the case; the copy's SHA-256 was read back and is the same") +
                    (e.frame == 1 ? "" : fmt::format("; picture {} of the file", e.frame)));
        }
    });
    return added;
}

std::vector<Exhibit> Exhibits::all() {
    return readExhibits(m_case, {});
}

std::vector<Exhibit> Exhibits::withIds(const std::set<RowId>& ids) {
    return ids.empty() ? std::vector<Exhibit>() : readExhibits(m_case, ids);
}

Exhibit Exhibits::byId(RowId id) {
    std::vector<Exhibit> found = withIds({id});
    if (found.empty())
        throw Error(ErrorCode::NotFound, fmt::format("there is no exhibit {} in the case", id));
    return found.front();
}

fs::path Exhibits::fileOf(const Exhibit& exhibit) const {
    return exhibit.copyPath.empty() ? exhibit.originalPath : m_case.folder / exhibit.copyPath;
}

void Exhibits::setNote(RowId exhibit, const std::string& note) {
    m_case.database.write([&] {
        updateRows(m_case.sql(), "evidence", {{"note", note}}, "id = :key1", {exhibit});
        m_case.record("note changed", "evidence", exhibit);
    });
}

}  // namespace signet::cases
