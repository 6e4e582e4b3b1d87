#include "core/cases/code_register.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/match.h"
#include "core/cases/read_rows.h"
#include "core/signature/secret_key.h"

namespace signet::cases {
namespace {

/// A change of a registered code that was not withdrawn.
void changeCodeRow(CaseConnection& store, RowId id, const std::vector<Field>& fields,
                   const std::string& action, const Json& details) {
    store.database.write([&] {
        if (updateRows(store.sql(), "registered_code", fields, "id = :key1 AND removed = 0", {id}) == 0)
            throw Error(ErrorCode::NotFound, fmt::format("there is no registered code {}", id));
        store.record(action, "registered_code", id, details);
    });
}

std::vector<RegisteredCode> readCodes(CaseConnection& store, const char* where) {
    return readRows(store,
                    fmt::format("SELECT id, code, bits, model, holder, issued_utc, notes, removed, "
                                "key_fingerprint, picture_hash, picture_sha256 FROM registered_code{} "
                                "ORDER BY id",
                                where),
                    {}, [](RowReader& row) {
                        RegisteredCode code;
                        code.id = row.integer();
                        code.hex = row.text();
                        code.bits = static_cast<int>(row.integer());
                        code.model = row.text();
                        code.holder = row.text();
                        code.issuedUtc = row.text();
                        code.notes = row.text();
                        code.withdrawn = row.integer() != 0;
                        code.keyFingerprint = row.text();
                        code.pictureHash = row.text();
                        code.pictureSha256 = row.text();
                        return code;
                    });
}

}  // namespace

std::string CodeRegister::add(RegisteredCode& code) {
    if (code.holder.empty()) throw Error(ErrorCode::BadOption, "a registered code needs a holder");
    if (!code.keyFingerprint.empty() && !signature::SecretKey::isFingerprint(code.keyFingerprint))
        throw Error(ErrorCode::BadOption, "the key of a registered code is named by its fingerprint");
    code.hex = hexFromBits(bitsFromHex(code.hex, code.bits));
    const std::vector<RegisteredCode> known = valid();
    m_case.database.write([&] {
        if (code.issuedUtc.empty()) code.issuedUtc = utcNow();
        code.id = insertRow(m_case.sql(), "registered_code",
                            {{"code", code.hex},
                             {"bits", std::int64_t{code.bits}},
                             {"model", code.model},
                             {"holder", code.holder},
                             {"issued_utc", code.issuedUtc},
                             {"notes", code.notes},
                             {"removed", std::int64_t{0}},
                             {"key_fingerprint", code.keyFingerprint},
                             {"picture_hash", code.pictureHash},
                             {"picture_sha256", code.pictureSha256}});
        Json details{{"code", code.hex}, {"holder", code.holder}};
        if (!code.keyFingerprint.empty()) details["key"] = code.keyFingerprint;
        if (!code.pictureSha256.empty()) details["picture_sha256"] = code.pictureSha256;
        m_case.record("code registered", "registered_code", code.id, details);
    });
    const std::vector<RegisteredCode> alike = codesLike(code, known);
    if (alike.empty()) return {};
    return fmt::format(
        "{} of {} is so like it that an image of the one can pass for a match with the other{}",
        alike.front().hex, alike.front().holder,
        alike.size() > 1 ? fmt::format(", and so are {} more codes", alike.size() - 1) : "");
}

void CodeRegister::change(RowId id, const std::string& holder, const std::string& notes) {
    if (holder.empty()) throw Error(ErrorCode::BadOption, "a registered code needs a holder");
    changeCodeRow(m_case, id, {{"holder", holder}, {"notes", notes}}, "code changed",
                  {{"holder", holder}, {"notes", notes}});
}

void CodeRegister::withdraw(RowId id, const std::string& reason) {
    changeCodeRow(m_case, id, {{"removed", std::int64_t{1}}}, "code withdrawn", {{"reason", reason}});
}

std::vector<RegisteredCode> CodeRegister::valid() {
    return readCodes(m_case, " WHERE removed = 0");
}

std::vector<RegisteredCode> CodeRegister::all() {
    return readCodes(m_case, "");
}

}  // namespace signet::cases
