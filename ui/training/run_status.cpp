#include "ui/training/run_status.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>
#include <cmath>

#include "core/training/run_progress.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/run_list_model.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/training/run_text.h"

namespace signet::ui {
namespace {

constexpr int kProgressSteps = 10'000;

enum Figure { Step, TimeLeft, Speed, Wait, Memory, Gpu, LearningRate, FigureCount };

QString memoryText(double mib) {
    return bytesText(static_cast<std::uint64_t>(mib * (1 << 20)));
}

/// "87 %, 41.2 GiB, 64 °C"; empty where the run is not on a GPU.
QString gpuText(const training::RunProgress& latest) {
    QStringList parts;
    if (latest.gpuLoadPercent) parts << QStringLiteral("%1 %").arg(*latest.gpuLoadPercent);
    if (latest.gpuMemoryMiB) parts << memoryText(*latest.gpuMemoryMiB);
    if (latest.gpuTemperatureCelsius) parts << QStringLiteral("%1 °C").arg(*latest.gpuTemperatureCelsius);
    return parts.join(QStringLiteral(", "));
}

}  // namespace

RunStatus::RunStatus(QWidget* parent)
    : QWidget(parent),
      m_state(makeBadge(QStringLiteral("runStateBadge"), {}, "neutral", this)),
      m_title(makeHeading(QStringLiteral("runTitle"), {}, this)),
      m_message(new ElidedLabel(QStringLiteral("runMessage"), this)),
      m_progress(new QProgressBar(this)) {
    setObjectName(QStringLiteral("runStatus"));
    m_progress->setObjectName(QStringLiteral("runProgress"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setRange(0, kProgressSteps);
    m_message->setProperty("role", "problem");
    keepRoom(m_message, 1);
    auto* first = new QHBoxLayout;
    first->setSpacing(kGrid);
    first->addWidget(m_state);
    first->addWidget(m_title, 1);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(2 * kGrid);
    const QString names[FigureCount] = {
        tr("Step"),   tr("Time left"), tr("Images per second"), tr("Waiting for data"),
        tr("Memory"), tr("GPU"),       tr("Learning rate")};
    for (int i = 0; i < FigureCount; ++i) {
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        auto* name = makeNote(QStringLiteral("runFigureName%1").arg(i), names[i], this);
        name->setWordWrap(false);
        auto* value = makeLabel(QStringLiteral("runFigure%1").arg(i), QStringLiteral("–"), this, true);
        value->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        pair->addWidget(name);
        pair->addWidget(value);
        m_figures.emplace_back(name, value);
        figures->addLayout(pair);
    }
    figures->addStretch(1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, kGrid, 12, kGrid);
    all->setSpacing(4);
    all->addLayout(first);
    all->addWidget(m_progress);
    all->addLayout(figures);
    all->addWidget(m_message);
    show(nullptr);
}

void RunStatus::show(const RunEntry* run) {
    setVisible(run != nullptr);
    if (!run) return;
    static const QLocale kPlain(QLocale::English, QLocale::UnitedStates);
    const auto& record = run->record;
    const auto created = QDateTime::fromString(toText(record.createdUtc), Qt::ISODateWithMs).toLocalTime();
    const std::string& name = run->notes.name.empty() ? record.name : run->notes.name;
    m_title->setText(name.empty() ? fromPath(run->folder.filename())
                                  : QStringLiteral("%1 · %2").arg(
                                        toText(name), created.toString(QStringLiteral("yyyy-MM-dd HH:mm"))));
    m_title->setToolTip(run->notes.note.empty()
                            ? fromPath(run->folder)
                            : QStringLiteral("%1\n%2").arg(fromPath(run->folder), toText(run->notes.note)));
    m_state->setText(runStateText(*run));
    const std::string& message = run->job && !run->job->message.empty() ? run->job->message
                                 : run->problem.empty()                 ? record.message
                                                                        : run->problem;
    m_message->setFullText(message.empty() ? QString() : sentence(message));
    m_message->setVisible(!message.empty());
    m_progress->setValue(record.steps > 0 ? static_cast<int>(kProgressSteps * run->step() / record.steps)
                                          : 0);

    const bool works = run->job || record.state == training::RunState::Running;
    const auto set = [&](Figure figure, const QString& text) {
        m_figures[figure].second->setText(text.isEmpty() ? QStringLiteral("–") : text);
        m_figures[figure].second->setAccessibleName(
            QStringLiteral("%1 %2").arg(m_figures[figure].first->text(), m_figures[figure].second->text()));
    };
    set(Step, QStringLiteral("%1 / %2").arg(kPlain.toString(qulonglong(run->step())),
                                            kPlain.toString(qulonglong(record.steps))));
    const auto latest = training::RunProgress::among(run->latest);
    set(TimeLeft, works && latest.etaLow && latest.etaHigh
                      ? tr("%1 to %2").arg(durationText(*latest.etaLow), durationText(*latest.etaHigh))
                      : QString());
    const auto speed = latest.imagesPerSecond;
    set(Speed, speed ? QString::number(*speed, 'f', *speed < 10 ? 2 : 1) : QString());
    set(Wait, latest.dataWaitShare ? percentText(*latest.dataWaitShare) : QString());
    set(Memory, latest.memoryMiB ? memoryText(*latest.memoryMiB) : QString());
    const QString gpu = gpuText(latest);
    set(Gpu, gpu);
    m_figures[Gpu].first->setVisible(!gpu.isEmpty());
    m_figures[Gpu].second->setVisible(!gpu.isEmpty());
    const auto rate = latest.learningRate;
    set(LearningRate, rate ? QString::number(*rate, 'g', 3) : QString());
}

}  // namespace signet::ui
