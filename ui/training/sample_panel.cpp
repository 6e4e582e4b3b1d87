#include "ui/training/sample_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QSplitter>
#include <QVBoxLayout>
#include <iterator>

#include "core/tasks/all_tasks.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/training/run_text.h"
#include "ui/viewer/image_canvas.h"

namespace signet::ui {
SamplePanel::SamplePanel(TrainingService& service, QWidget* parent)
    : QWidget(parent),
      m_service(service),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_step(makeLabel(QStringLiteral("sampleStep"), {}, this)),
      m_hint(makeNote(QStringLiteral("sampleHint"), {}, this)),
      m_validation(new ElidedLabel(QStringLiteral("sampleValidation"), this)),
      m_canvas(new ImageCanvas(this)),
      m_readings(new KeyValueModel(this)),
      m_table(new CopyTableView(this)) {
    setObjectName(QStringLiteral("samplePanel"));
    m_slider->setObjectName(QStringLiteral("sampleSlider"));
    m_slider->setAccessibleName(tr("Step of the samples"));
    m_slider->setPageStep(1);
    m_canvas->setObjectName(QStringLiteral("sampleCanvas"));
    m_canvas->setAccessibleName(tr("Sample grid"));
    m_table->setObjectName(QStringLiteral("sampleReadings"));
    m_table->setAccessibleName(tr("What each row says"));
    m_table->setModel(m_readings);
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(KeyValueModel::GroupColumn, 60);
    m_table->setColumnWidth(KeyValueModel::KeyColumn, 100);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 12, 4);
    auto* label = makeLabel(QStringLiteral("sampleSliderLabel"), tr("Ste&p"), this);
    label->setTextFormat(Qt::AutoText);
    label->setBuddy(m_slider);
    bar->addWidget(label);
    bar->addWidget(m_slider, 1);
    bar->addWidget(m_step);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("sampleSplitter"));
    splitter->addWidget(m_canvas);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    keepRoom(m_validation, 1);
    auto* notes = new QVBoxLayout;
    notes->setContentsMargins(12, 0, 12, 4);
    notes->setSpacing(2);
    notes->addWidget(m_hint);
    notes->addWidget(m_validation);
    all->addLayout(notes);
    all->addWidget(splitter, 1);
    connect(m_slider, &QSlider::valueChanged, this, &SamplePanel::showStep);
    connect(&m_service, &TrainingService::sampleReady, this, [this](const LoadedImagePtr& picture) {
        if (m_samples.empty()) return;
        m_canvas->setImage(picture, m_keepView);
        m_keepView = true;
    });
    clearSamples();
}

void SamplePanel::setRun(const std::filesystem::path& folder, const training::RunRecord& record) {
    if (folder == m_folder) return;
    m_folder = folder;
    m_task = tasks::all().find(record.options);
    m_metrics = metricsOf(record);
    m_hint->setText(m_task ? toText(m_task->samplesCaption()) : QString());
    m_validations.clear();
    clearSamples();
}

void SamplePanel::add(const training::RunNews& news) {
    if (news.samplesRestarted) clearSamples();
    if (news.curvesRestarted) m_validations.clear();
    noteValidations(news.curves);
    addSamples(news.samples);
    showValidation();
}

void SamplePanel::clearSamples() {
    m_samples.clear();
    m_keepView = false;
    m_canvas->setImage(nullptr);
    m_readings->setRows({});
    m_slider->setEnabled(false);
    m_step->setText(tr("no samples yet"));
    showValidation();
}

void SamplePanel::noteValidations(const std::vector<Json>& curves) {
    for (const Json& record : curves) {
        QStringList parts;
        for (const training::Metric& metric : m_metrics) {
            const auto value = record.find(metric.name);
            if (!training::isOfValidation(metric.name) || value == record.end() || !value->is_number())
                continue;
            parts << QStringLiteral("%1 %2").arg(toText(metric.title).section(QStringLiteral(": "), 1),
                                                 toText(training::valueText(metric, value->get<double>())));
        }
        if (!parts.isEmpty()) m_validations[record.value("step", 0ull)] = parts.join(QStringLiteral(" · "));
    }
}

void SamplePanel::addSamples(const std::vector<Json>& samples) {
    if (samples.empty()) return;
    const bool newest = m_samples.empty() || m_slider->value() == m_slider->maximum();
    for (const Json& sample : samples) {
        // A resumed run makes some samples again: the newer ones count.
        while (!m_samples.empty() && m_samples.back().value("step", 0ull) >= sample.value("step", 0ull))
            m_samples.pop_back();
        m_samples.push_back(sample);
    }
    const QSignalBlocker blocker(m_slider);
    m_slider->setRange(0, count() - 1);
    m_slider->setEnabled(count() > 1);
    if (newest) m_slider->setValue(count() - 1);
    showStep();
}

std::uint64_t SamplePanel::step() const {
    return m_samples.empty() ? 0 : m_samples[static_cast<std::size_t>(m_slider->value())].value("step", 0ull);
}

void SamplePanel::showValidation() {
    const auto after = m_validations.upper_bound(step());
    const bool any = after != m_validations.begin();
    m_validation->setFullText(
        any ? tr("Validation at step %1: %2").arg(std::prev(after)->first).arg(std::prev(after)->second)
            : QString());
}

void SamplePanel::showStep() {
    if (m_samples.empty()) return;
    const Json& sample = m_samples[static_cast<std::size_t>(m_slider->value())];
    m_step->setText(QLocale(QLocale::English, QLocale::UnitedStates).toString(qulonglong(step())));
    showValidation();
    std::vector<KeyValueModel::Row> rows;
    if (const auto list = sample.find("rows"); list != sample.end()) {
        for (const Json& row : *list) {
            const auto reading = m_task ? m_task->readSample(row) : training::SampleReading{{}, row.dump()};
            rows.push_back(
                {QString::number(rows.size() + 1), toText(reading.verdict), toText(reading.details)});
        }
    }
    m_readings->setRows(std::move(rows));
    m_service.requestSample(m_folder / sample.value("file", ""));
}

}  // namespace signet::ui
