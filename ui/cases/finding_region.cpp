#include "ui/cases/finding_region.h"

#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/viewer/region_canvas.h"

namespace signet::ui {
namespace {

constexpr int kMaxPixels = 1 << 20;  ///< of a coordinate before the image is known

}  // namespace

QRect regionOf(const Json& json) {
    if (!json.is_array() || json.size() != 4) return {};
    int numbers[4];
    for (std::size_t i = 0; i < 4; ++i) {
        if (!json[i].is_number()) return {};
        numbers[i] = static_cast<int>(std::clamp(json[i].get<double>(), -1.0, 1.0 * kMaxPixels));
    }
    return {numbers[0], numbers[1], std::max(0, numbers[2]), std::max(0, numbers[3])};
}

Json regionJson(const QRect& region) {
    if (region.isEmpty()) return nullptr;
    return Json::array({region.x(), region.y(), region.width(), region.height()});
}

QString regionText(const QRect& region) {
    return QObject::tr("x %1, y %2, %3 × %4 px")
        .arg(region.x())
        .arg(region.y())
        .arg(region.width())
        .arg(region.height());
}

FindingRegion::FindingRegion(MediaService& media, QWidget* parent)
    : QWidget(parent),
      m_media(media),
      m_canvas(new RegionCanvas(this)),
      m_problem(makeNote(QStringLiteral("findingRegionProblem"), {}, this)),
      m_clear(makeLinkButton(QStringLiteral("findingRegionClear"), tr("No region"), this)) {
    setObjectName(QStringLiteral("findingRegion"));
    m_canvas->setObjectName(QStringLiteral("findingCanvas"));
    m_canvas->setToolTip(tr("Drag to mark a region; Shift+drag and the wheel move and zoom"));
    const std::pair<const char*, QString> names[] = {{"findingRegionX", tr("x")},
                                                     {"findingRegionY", tr("y")},
                                                     {"findingRegionWidth", tr("width")},
                                                     {"findingRegionHeight", tr("height")}};
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(4);
    for (std::size_t i = 0; i < 4; ++i) {
        m_numbers[i] = new QSpinBox(this);
        m_numbers[i]->setObjectName(QLatin1String(names[i].first));
        m_numbers[i]->setAccessibleName(tr("%1 of the region, pixels").arg(names[i].second));
        m_numbers[i]->setToolTip(m_numbers[i]->accessibleName());
        m_numbers[i]->setPrefix(names[i].second.left(1) + QLatin1Char(' '));
        m_numbers[i]->setRange(0, kMaxPixels);
        m_numbers[i]->setButtonSymbols(QAbstractSpinBox::NoButtons);
        m_numbers[i]->setKeyboardTracking(false);
        m_numbers[i]->setMinimumWidth(48);
        m_numbers[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        connect(m_numbers[i], &QSpinBox::valueChanged, this, &FindingRegion::typed);
        row->addWidget(m_numbers[i], 1);
    }
    m_clear->setAccessibleName(tr("The finding has no region"));
    connect(m_clear, &QToolButton::clicked, this, [this] {
        setRegion({});
        Q_EMIT regionChanged(m_region);
    });
    row->addWidget(m_clear);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(row);
    all->addWidget(m_canvas, 1);
    all->addWidget(m_problem);
    keepRoom(m_problem, 2);
    m_problem->hide();
    connect(m_canvas, &RegionCanvas::regionDrawn, this, [this](const QRect& region) {
        setRegion(region);
        Q_EMIT regionChanged(m_region);
    });
    connect(&m_media, &MediaService::imageLoaded, this, [this](quint64 id, const LoadedImagePtr& image) {
        if (id != m_loading || id == 0) return;
        m_loading = 0;
        showLoaded(image);
    });
}

FindingRegion::~FindingRegion() {
    if (m_loading != 0) m_media.forget({m_loading});
}

void FindingRegion::setExhibit(const std::filesystem::path& file, const std::string& sha256, int frame) {
    if (file == m_file && sha256 == m_sha256 && frame == m_frame) return;
    if (m_loading != 0) m_media.forget({m_loading});
    m_loading = 0;
    m_file = file;
    m_frame = frame;
    m_sha256 = sha256;
    m_loaded = false;
    m_canvas->setImage(nullptr);
    m_problem->hide();
    setRegion({});
    if (isVisible()) load();
}

void FindingRegion::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    load();
}

void FindingRegion::load() {
    if (m_loaded || m_loading != 0 || m_file.empty()) return;
    m_loading = m_media.loadApart(m_file, m_frame);
}

void FindingRegion::showLoaded(const LoadedImagePtr& image) {
    m_loaded = true;
    QString problem;
    if (!image->error.empty())
        problem = sentence(image->error);
    else if (!m_sha256.empty() && image->sha256 != m_sha256)
        problem = tr("The file is not what was taken in.");
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_canvas->setImage(image->error.empty() ? image : nullptr);
    updateRegions();
}

void FindingRegion::setFindings(const std::vector<cases::Finding>& findings) {
    m_findings = findings;
    updateRegions();
}

void FindingRegion::highlight(cases::RowId finding) {
    m_highlighted = finding;
    updateRegions();
}

void FindingRegion::setRegion(const QRect& region) {
    m_region = region;
    const int values[4] = {region.x(), region.y(), region.width(), region.height()};
    for (std::size_t i = 0; i < 4; ++i) {
        const QSignalBlocker quiet(m_numbers[i]);
        m_numbers[i]->setValue(region.isEmpty() ? 0 : values[i]);
    }
    updateRegions();
}

void FindingRegion::typed() {
    QRect region(m_numbers[0]->value(), m_numbers[1]->value(), m_numbers[2]->value(), m_numbers[3]->value());
    if (const LoadedImagePtr image = m_canvas->image())
        region &= QRect(0, 0, image->width(), image->height());
    m_region = region.isEmpty() ? QRect() : region;
    updateRegions();
    Q_EMIT regionChanged(m_region);
}

void FindingRegion::setWritable(bool writable) {
    m_canvas->setDrawing(writable);
    for (QSpinBox* number : m_numbers) number->setReadOnly(!writable);
    m_clear->setVisible(writable);
}

void FindingRegion::updateRegions() {
    std::vector<RegionCanvas::Region> regions;
    for (const cases::Finding& finding : m_findings) {
        const QRect rect = regionOf(finding.region);
        if (!rect.isEmpty() && finding.id != m_highlighted)
            regions.push_back({rect, QString::number(finding.id), false});
    }
    if (!m_region.isEmpty()) regions.push_back({m_region, {}, true});
    m_canvas->setRegions(std::move(regions));
}

}  // namespace signet::ui
