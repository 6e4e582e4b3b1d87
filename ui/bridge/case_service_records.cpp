// What the case service does for registered codes, custody events, the audit log and opened exhibits.
#include "core/cases/case_files.h"
#include "core/cases/code_picture.h"
#include "core/cases/custody.h"
#include "core/report/audit_csv.h"
#include "ui/bridge/case_service.h"
#include "ui/bridge/text.h"

namespace signet::ui {

void CaseService::requestCodes() {
    post([](Session& session, const CaseSender& out) {
        out.send(CodesRead{session.store->codes().all(), {}});
    });
}

void CaseService::registerCode(const cases::RegisteredCode& code) {
    post([code](Session& session, const CaseSender& out) {
        cases::RegisteredCode saved = code;
        const std::string warning = session.store->codes().add(saved);
        out.send(CodesRead{session.store->codes().all(), warning});
    });
}

void CaseService::changeCode(cases::RowId code, const std::string& holder, const std::string& notes) {
    post([=](Session& session, const CaseSender& out) {
        session.store->codes().change(code, holder, notes);
        out.send(CodesRead{session.store->codes().all(), {}});
    });
}

void CaseService::withdrawCode(cases::RowId code, const std::string& reason) {
    post([=](Session& session, const CaseSender& out) {
        session.store->codes().withdraw(code, reason);
        out.send(CodesRead{session.store->codes().all(), {}});
    });
}

void CaseService::readPicture(const std::filesystem::path& file) {
    post([file](Session&, const CaseSender& out) {
        PictureRead read{file, {}, {}, {}};
        try {
            cases::RegisteredCode code;
            cases::setPicture(code, file);
            read.hash = code.pictureHash;
            read.sha256 = code.pictureSha256;
        } catch (const std::exception& error) {
            read.problem = error.what();
        }
        out.send(std::move(read));
    });
}

void CaseService::enterCustody(const std::set<cases::RowId>& exhibits, cases::RowId shown,
                               const std::string& action, const std::string& details) {
    post([=](Session& session, const CaseSender& out) {
        session.store->custody().enter(exhibits, action, details);
        out.send(DetailsRead{readDetails(*session.store, shown)});
    });
}

void CaseService::openExhibit(cases::RowId id) {
    post([id](Session& session, const CaseSender& out) {
        const cases::Exhibit exhibit = session.store->exhibits().byId(id);
        const std::string problem = verifyExhibit(*session.store, exhibit);
        if (!problem.empty()) {
            out.send(IntegrityRead{readIntegrity(*session.store)});
            out.send(DetailsRead{readDetails(*session.store, id)});
        }
        out.send(ExhibitHashed{namedExhibit(exhibit, session.store->exhibits().fileOf(exhibit)), problem});
    });
}

void CaseService::requestAudit() {
    post([](Session& session, const CaseSender& out) {
        out.send(AuditRead{
            std::make_shared<const std::vector<cases::AuditEntry>>(session.store->audit().entries())});
    });
}

void CaseService::saveAudit(const AuditLogPtr& entries, const std::filesystem::path& path) {
    post([=](Session& session, const CaseSender& out) {
        cases::refuseCaseFile(*session.store, path);
        report::writeAuditCsv(path, *entries);
        out.send(AuditSaved{path, static_cast<int>(entries->size())});
    });
}

bool CaseService::announceRecords(CaseEvent& event) {
    if (auto* codes = std::get_if<CodesRead>(&event)) {
        Q_EMIT codesRead(codes->codes, sentence(codes->warning));
    } else if (const auto* picture = std::get_if<PictureRead>(&event)) {
        Q_EMIT pictureRead(*picture);
    } else if (auto* hashed = std::get_if<ExhibitHashed>(&event)) {
        Q_EMIT exhibitHashed(hashed->file, sentence(hashed->problem));
    } else if (auto* audit = std::get_if<AuditRead>(&event)) {
        Q_EMIT auditRead(audit->entries);
    } else if (auto* saved = std::get_if<AuditSaved>(&event)) {
        Q_EMIT auditSaved(saved->path, saved->entries);
    } else {
        return false;
    }
    return true;
}

}  // namespace signet::ui
