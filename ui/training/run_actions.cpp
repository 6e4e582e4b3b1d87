#include "ui/training/run_actions.h"

#include <QAction>
#include <optional>

#include "ui/bridge/text.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/training/run_text.h"

namespace signet::ui {

RunActions::RunActions(TrainingService& service, NoticeBar* notice, QObject* parent)
    : QObject(parent), m_service(service), m_notice(notice) {
    make();
    setRun(nullptr);
}

void RunActions::make() {
    m_new = makeAction(this, "newRunAction", "new", tr("&New run"), QKeySequence::New,
                       tr("Set up a new training run"), [this] { Q_EMIT newRunWanted(); });
    m_pause = makeAction(this, "pauseRunAction", "pause", tr("&Pause"), QKeySequence(Qt::CTRL | Qt::Key_P),
                         tr("Hold the run after its step, with a checkpoint, or let it go on"),
                         [this] { pauseOrResume(); });
    const auto end = [this](jobs::Ending ending) {
        if (const RunEntry* run = current()) m_service.stop(run->folder, ending);
    };
    m_finish = makeAction(this, "finishRunAction", "finish", tr("&Finish now"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
                          tr("End here as if this were the last step: validate and make a model"),
                          [end] { end(jobs::Ending::FinishNow); });
    m_stop = makeAction(this, "stopRunAction", "stop", tr("&Stop and keep the checkpoint"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
                        tr("End with a checkpoint, to go on some other time"),
                        [end] { end(jobs::Ending::KeepCheckpoint); });
    m_discard = makeAction(this, "discardRunAction", "remove", tr("&Discard"), QKeySequence::Delete,
                           tr("End the run and remove all of it"), [this] { askDiscard(); });
    m_again = makeAction(this, "repeatRunAction", "again", tr("New run with these &options"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N),
                         tr("Set up a new run that begins with the options of this one"), [this] {
                             if (const RunEntry* run = current(); run && run->record.options.is_object())
                                 Q_EMIT sameOptionsWanted(run->record.options);
                         });
    m_startWaiting = new QAction(tr("Start them"), this);
    m_startWaiting->setObjectName(QStringLiteral("startWaitingAction"));
    connect(m_startWaiting, &QAction::triggered, this, [this] {
        m_notice->hide();
        m_service.enqueueWaiting();
    });
    m_discardForGood = new QAction(tr("Remove it"), this);
    m_discardForGood->setObjectName(QStringLiteral("discardForGoodAction"));
    connect(m_discardForGood, &QAction::triggered, this, [this] {
        m_notice->hide();
        m_service.stop(m_doomed, jobs::Ending::Discard);
    });
}

void RunActions::pauseOrResume() {
    const RunEntry* run = current();
    if (!run) return;
    if (run->job && run->job->state == jobs::JobState::Running)
        m_service.pause(run->folder);
    else
        m_service.resume(run->folder);
}

void RunActions::askDiscard() {
    const RunEntry* run = current();
    if (!run) return;
    m_doomed = run->folder;
    m_notice->showNotice(
        NoticeBar::Kind::Problem,
        tr("Remove the run “%1” with its curves, samples and checkpoints? This cannot be undone.")
            .arg(runName(*run)),
        fromPath(run->folder), m_discardForGood);
}

void RunActions::offerWaiting() {
    if (m_waitingOffered) return;
    m_waitingOffered = true;
    if (const int waiting = m_service.waitingOfEarlierSessions(); waiting > 0)
        m_notice->showNotice(NoticeBar::Kind::Information,
                             tr("%1 waiting since the program was closed.").arg(countText(waiting, "run")),
                             {}, m_startWaiting);
}

void RunActions::setRun(const RunEntry* run) {
    using jobs::JobState;
    m_folder = run ? run->folder : std::filesystem::path();
    const auto is = [run](JobState state) { return run && run->job && run->job->state == state; };
    const bool running = is(JobState::Running);
    const bool held = is(JobState::Paused) || is(JobState::Pausing);
    const bool resumable = run && run->canResume();
    const bool waits = resumable && run->record.state == training::RunState::Queued;
    m_pause->setText(held || (resumable && !waits) ? tr("&Resume") : waits ? tr("&Start") : tr("&Pause"));
    m_pause->setIcon(themedIcon(running || !run ? QStringLiteral("pause") : QStringLiteral("start")));
    m_pause->setEnabled(running || held || resumable);
    m_finish->setEnabled(running || held);
    m_stop->setEnabled(running || held || is(JobState::Queued));
    m_discard->setEnabled(run && !is(JobState::Stopping));
    m_again->setEnabled(run && run->problem.empty());
}

}  // namespace signet::ui
