#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace signet::ui {

/// CPU time that the calling thread has used, s.
double threadCpuSeconds();

/// Measures for how long the thread it lives in does not get round to its events: a timer of 1 ms and the
/// longest time between two of its ticks.
class Heartbeat : public QObject {
    Q_OBJECT
public:
    explicit Heartbeat(QObject* parent = nullptr);

    /// Begins a measurement; what was measured before is forgotten.
    void start();
    void stop();

    qint64 beats() const { return m_beats; }
    /// Longest time between two beats so far, s.
    double longestBlock() const { return m_longest; }
    /// Most CPU time this thread used between two beats, s: without what other programs took of the
    /// processor.
    double longestBusy() const { return m_longestBusy; }

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_sinceBeat;
    double m_cpuAtBeat = 0;
    qint64 m_beats = 0;
    double m_longest = 0;
    double m_longestBusy = 0;
};

}  // namespace signet::ui
