// What the case service does for reports, exports and the case's properties.
#include "ui/bridge/case_reports.h"
#include "ui/bridge/case_service.h"
#include "ui/bridge/text.h"

namespace signet::ui {

void CaseService::setInfo(const cases::CaseInfo& info) {
    post([info](Session& session, const CaseSender& out) {
        session.store->setInfo(info);
        out.send(InfoRead{session.store->info()});
    });
}

void CaseService::requestReports() {
    post([](Session& session, const CaseSender& out) {
        out.send(ReportsRead{session.store->reports().all()});
    });
}

void CaseService::postReport(FilesWork work) {
    if (m_location.empty()) return;
    postFiles([work = std::move(work)](cases::CaseStore& store, const std::stop_token& stop,
                                       const CaseSender& out) {
        try {
            work(store, stop, out);
        } catch (const std::exception& error) {
            out.send(ReportProblem{stop.stop_requested() ? std::string() : error.what()});
        }
        // the exhibits were hashed: some may not be what they were
        out.send(IntegrityRead{readIntegrity(store)});
    });
}

namespace {

WorkContext reportContext(const std::stop_token& stop, const CaseSender& out, const std::string& what) {
    return {stop, [out, what](std::uint64_t done, std::uint64_t total, const std::string& step) {
                out.sendLatest(FilesProgress{done, total, what + ": " + step});
            }};
}

}  // namespace

void CaseService::previewReport(const report::ReportOptions& options) {
    postReport([options, workspace = m_workspace](cases::CaseStore& store, const std::stop_token& stop,
                                                  const CaseSender& out) {
        out.send(
            PreviewMade{ui::previewReport(store, options, workspace, reportContext(stop, out, "Preview"))});
    });
}

void CaseService::issueReport(const report::ReportOptions& options, const std::filesystem::path& path) {
    postReport([=, workspace = m_workspace](cases::CaseStore& store, const std::stop_token& stop,
                                            const CaseSender& out) {
        auto issued = ui::issueReport(store, options, path, workspace, reportContext(stop, out, "Report"));
        out.send(ReportsRead{store.reports().all()});
        std::visit([&](auto& outcome) { out.send(std::move(outcome)); }, issued);
    });
}

void CaseService::exportCase(const report::ExportOptions& options, const std::filesystem::path& path) {
    postReport([=, workspace = m_workspace](cases::CaseStore& store, const std::stop_token& stop,
                                            const CaseSender& out) {
        out.send(CaseExported{
            path, report::exportCase(store, path, options, workspace, reportContext(stop, out, "Export"))});
    });
}

void CaseService::requestPages(const ReportPreviewPtr& preview, int first, int count, double dotsPerInch) {
    const auto out = m_outbox.begin();
    m_pages.post(out.request(), [=](const std::stop_token& stop) {
        try {
            out.send(renderPages(preview, first, count, dotsPerInch, stop));
        } catch (const std::exception& error) {
            if (!stop.stop_requested()) out.send(ReportProblem{error.what()});
        }
        out.finish(TaskOver{});
    });
}

bool CaseService::announceReport(CaseEvent& event) {
    if (auto* info = std::get_if<InfoRead>(&event)) {
        Q_EMIT infoChanged(info->info);
    } else if (auto* reports = std::get_if<ReportsRead>(&event)) {
        Q_EMIT reportsRead(reports->reports);
    } else if (auto* made = std::get_if<PreviewMade>(&event)) {
        Q_EMIT previewReady(made->preview);
    } else if (auto* pages = std::get_if<ReportPagesRead>(&event)) {
        Q_EMIT pagesReady(*pages);
    } else if (auto* issued = std::get_if<ReportIssued>(&event)) {
        Q_EMIT reportIssued(*issued);
    } else if (auto* doubted = std::get_if<ExaminerDoubted>(&event)) {
        Q_EMIT examinerDoubted(*doubted);
    } else if (auto* exported = std::get_if<CaseExported>(&event)) {
        Q_EMIT caseExported(*exported);
    } else if (auto* problem = std::get_if<ReportProblem>(&event)) {
        Q_EMIT reportFailed(sentence(problem->message));
    } else {
        return false;
    }
    return true;
}

}  // namespace signet::ui
