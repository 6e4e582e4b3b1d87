#include "ui/bridge/case_service.h"

#include "core/cases/case_files.h"
#include "ui/bridge/text.h"

namespace signet::ui {

CaseService::CaseService(std::shared_ptr<EngineHost> host, std::filesystem::path workspace, QObject* parent)
    : QObject(parent),
      m_host(std::move(host)),
      m_workspace(std::move(workspace)),
      m_outbox([this](quint64, CaseEvent& event) { announce(event); }, {}, [this] { Q_EMIT becameIdle(); }) {}

CaseService::~CaseService() = default;

CaseAddress CaseService::address() const {
    CaseAddress at{m_location, {}};
    at.options.actor = m_examiner;
    return at;
}

void CaseService::setExaminer(const std::string& name) {
    m_examiner = name;
    if (m_location.empty()) return;
    post([name](Session& session, const CaseSender&) { session.store->setActor(name); });
}

void CaseService::post(StoreWork work, bool opening) {
    const auto out = m_outbox.begin();
    m_database.post(out.request(),
                    [work = std::move(work), session = m_session, opening, out](const std::stop_token&) {
                        try {
                            if (opening || session->store) work(*session, out);
                        } catch (const std::exception& error) {
                            out.send(CaseProblem{error.what(), opening});
                        }
                        out.finish(TaskOver{});
                    });
}

void CaseService::postFiles(FilesWork work) {
    ++m_filesOpen;
    const auto out = m_outbox.begin();
    m_files.post(out.request(), [work = std::move(work), at = address(), out](const std::stop_token& stop) {
        try {
            const auto store = openStore(at, nullptr);
            work(*store, stop, out);
        } catch (const std::exception& error) {
            if (!stop.stop_requested()) out.send(CaseProblem{error.what(), false});
        }
        out.finish(TaskOver{true});
    });
    Q_EMIT workChanged();
}

void CaseService::begin(const std::string& location, std::function<void(const CaseAddress&)> before) {
    close();
    m_location = location;
    m_session = std::make_shared<Session>();
    post(
        [at = address(), before = std::move(before)](Session& session, const CaseSender& out) {
            if (before) before(at);
            session.store = openStore(at, &session.readOnlyReason);
            if (!session.store->readOnly()) removeLeftovers(*session.store);
            out.send(CaseOpened{readContents(*session.store, session.readOnlyReason)});
        },
        true);
}

void CaseService::create(const std::string& location, const cases::CaseInfo& info) {
    begin(location, [info](const CaseAddress& at) {
        std::error_code ignored;  // creating the file says what is wrong
        std::filesystem::create_directories(std::filesystem::path(at.location).parent_path(), ignored);
        cases::CaseStore::create(at.location, info, at.options);
    });
}

void CaseService::open(const std::string& location) {
    begin(location, {});
}

void CaseService::close() {
    if (m_location.empty()) return;
    stopFiles();
    stopExamining();
    // the connection goes where it lived
    m_database.post(0, [session = std::exchange(m_session, std::make_shared<Session>())](
                           const std::stop_token&) { session->store.reset(); });
    m_outbox.endAll();
    m_location.clear();
    m_filesOpen = 0;
    m_job = 0;
    m_work.reset();
    Q_EMIT workChanged();
    Q_EMIT closed();
}

void CaseService::reload() {
    post([](Session& session, const CaseSender& out) {
        out.send(CaseOpened{readContents(*session.store, session.readOnlyReason)});
    });
}

void CaseService::takeIn(image::FoundImages found, const cases::IntakeOptions& options) {
    if (m_location.empty() || (found.files.empty() && found.leftOut.empty())) return;
    postFiles([found = std::move(found), options](cases::CaseStore& store, const std::stop_token& stop,
                                                  const CaseSender& out) {
        takeInFiles(store, found, options, stop, out);
    });
}

void CaseService::verify() {
    if (m_location.empty()) return;
    postFiles([](cases::CaseStore& store, const std::stop_token& stop, const CaseSender& out) {
        verifyCase(store, stop, out);
    });
}

void CaseService::stopFiles() {
    const auto dropped = m_files.cancelAll();
    for (const std::uint64_t task : dropped) m_outbox.end(task);
    m_filesOpen -= static_cast<int>(dropped.size());
    if (!dropped.empty()) Q_EMIT workChanged();
}

void CaseService::examine(const std::set<cases::RowId>& again) {
    if (m_location.empty()) return;
    if (m_work) {  // the job takes whatever waits
        post([again](Session& session, const CaseSender& out) {
            session.store->work().enqueue(again);
            out.send(ExhibitsRead{readExhibits(*session.store, again)});
        });
        return;
    }
    startExamining({again, 0, nullptr, m_models});
}

void CaseService::examineLike(cases::RowId exhibit, const Json& params) {
    if (m_location.empty() || m_work) return;
    startExamining({{exhibit}, exhibit, params, {}});
}

void CaseService::startExamining(ExamineRequest request) {
    if (!m_queue)
        m_queue = std::make_unique<jobs::JobQueue>(
            *m_host->lease(), [out = m_outbox.withoutRequest()](const jobs::JobInfo& info) {
                out.sendLatest(info, info.id);  // of another case, too: told apart by its id
            });
    const auto out = m_outbox.begin();
    m_examination = out.request();
    m_job = m_queue->enqueue("examination of a case",
                             [host = m_host, at = address(), request = std::move(request),
                              out](jobs::JobContext& job) { examineAsJob(job, *host, at, request, out); });
    m_work = jobs::JobInfo{};
    m_work->id = m_job;
    Q_EMIT workChanged();
}

void CaseService::pauseExamining() {
    if (m_queue && m_work) m_queue->pause(m_job);
}

void CaseService::resumeExamining() {
    if (m_queue && m_work) m_queue->resume(m_job);
}

void CaseService::stopExamining() {
    if (m_queue && m_work) m_queue->stop(m_job, jobs::Ending::KeepCheckpoint);
}

void CaseService::setTag(const cases::Tag& tag, const std::set<cases::RowId>& exhibits, bool on) {
    post([=](Session& session, const CaseSender& out) {
        cases::Tag saved = tag;
        if (saved.id == 0) {
            for (const cases::Tag& known : session.store->tags().all()) {
                if (known.name == tag.name) saved = known;
            }
        }
        if (saved.id == 0) {
            if (!on) return;
            session.store->tags().save(saved);
            out.send(TagsRead{session.store->tags().all()});
        }
        session.store->tags().set(exhibits, saved.id, on);
        out.send(ExhibitsRead{readExhibits(*session.store, exhibits)});
    });
}

void CaseService::setNote(cases::RowId exhibit, const std::string& note) {
    post([=](Session& session, const CaseSender& out) {
        session.store->exhibits().setNote(exhibit, note);
        out.send(ExhibitsRead{readExhibits(*session.store, {exhibit})});
    });
}

void CaseService::saveFinding(const cases::Finding& finding) {
    post([finding](Session& session, const CaseSender& out) {
        cases::Finding saved = finding;
        session.store->findings().save(saved);
        out.send(DetailsRead{readDetails(*session.store, saved.exhibit)});
    });
}

void CaseService::removeFinding(cases::RowId exhibit, cases::RowId finding) {
    post([=](Session& session, const CaseSender& out) {
        session.store->findings().remove(finding);
        out.send(DetailsRead{readDetails(*session.store, exhibit)});
    });
}

void CaseService::requestDetails(cases::RowId exhibit) {
    post([exhibit](Session& session, const CaseSender& out) {
        out.send(DetailsRead{readDetails(*session.store, exhibit)});
    });
}

void CaseService::announce(const jobs::JobInfo& info) {
    if (info.id != m_job || !m_work) return;
    if (jobs::isOver(info.state)) {
        m_work.reset();
        m_outbox.end(m_examination);
        if (info.state == jobs::JobState::Failed) Q_EMIT examinationFailed(sentence(info.message));
    } else {
        m_work = info;
    }
    Q_EMIT workChanged();
}

void CaseService::announce(CaseEvent& event) {
    if (announceReport(event) || announceRecords(event)) return;
    if (auto* opening = std::get_if<CaseOpened>(&event)) {
        Q_EMIT opened(opening->contents);
    } else if (auto* exhibits = std::get_if<ExhibitsRead>(&event)) {
        if (!exhibits->exhibits->empty()) Q_EMIT exhibitsChanged(exhibits->exhibits);
    } else if (auto* tags = std::get_if<TagsRead>(&event)) {
        Q_EMIT tagsChanged(tags->tags);
    } else if (auto* details = std::get_if<DetailsRead>(&event)) {
        Q_EMIT detailsReady(details->details);
    } else if (auto* progress = std::get_if<FilesProgress>(&event)) {
        Q_EMIT filesProgress(progress->done, progress->total, toText(progress->what));
    } else if (auto* intake = std::get_if<IntakeOver>(&event)) {
        Q_EMIT intakeFinished(intake->summary);
    } else if (auto* verification = std::get_if<VerifyOver>(&event)) {
        Q_EMIT verified(verification->found);
    } else if (auto* integrity = std::get_if<IntegrityRead>(&event)) {
        Q_EMIT integrityChanged(integrity->findings);
    } else if (auto* problem = std::get_if<CaseProblem>(&event)) {
        if (problem->opening) m_location.clear();
        Q_EMIT failed(sentence(problem->message), problem->opening);
    } else if (const auto* over = std::get_if<TaskOver>(&event)) {
        if (!over->files) return;
        --m_filesOpen;
        Q_EMIT workChanged();
    } else if (const auto* info = std::get_if<jobs::JobInfo>(&event)) {
        announce(*info);
    }
}

}  // namespace signet::ui
