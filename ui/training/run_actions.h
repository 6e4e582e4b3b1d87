#pragma once

#include <QList>
#include <QObject>

#include "ui/bridge/training_service.h"

class QAction;

namespace signet::ui {

class NoticeBar;

/// What can be done to the runs: the Training page's actions, when each is offered, and the questions asked
/// before. GUI thread.
class RunActions : public QObject {
    Q_OBJECT
public:
    /// notice: where it asks.
    RunActions(TrainingService& service, NoticeBar* notice, QObject* parent);

    QAction* newRun() const { return m_new; }
    QList<QAction*> inMenu() const { return {m_new, m_pause, m_finish, m_stop, m_discard, m_again}; }
    QList<QAction*> inBar() const { return {m_new, m_pause, m_finish, m_stop, m_again, m_discard}; }

    /// The run they act on from now; null: none.
    void setRun(const RunEntry* run);
    /// Asks once, where runs of an earlier session wait, whether they shall start.
    void offerWaiting();

Q_SIGNALS:
    void newRunWanted();
    void sameOptionsWanted(const signet::Json& options);

private:
    void make();
    void pauseOrResume();
    void askDiscard();
    const RunEntry* current() const { return m_service.run(m_folder); }

    TrainingService& m_service;
    NoticeBar* m_notice;
    QAction* m_new = nullptr;
    QAction* m_pause = nullptr;
    QAction* m_finish = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_discard = nullptr;
    QAction* m_again = nullptr;
    QAction* m_startWaiting = nullptr;
    QAction* m_discardForGood = nullptr;
    std::filesystem::path m_folder;
    std::filesystem::path m_doomed;  ///< the run whose removal waits to be confirmed
    bool m_waitingOffered = false;
};

}  // namespace signet::ui
