#include "ui/cases/recorded_map.h"

#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kMaxHeight = 320;  ///< px of the picture
constexpr int kSettleMs = 150;   ///< a person who walks through the table loads no maps on the way

}  // namespace

RecordedMap::RecordedMap(MediaService& media, const cases::Artifact& artifact,
                         const std::filesystem::path& folder, const QString& model, QWidget* parent)
    : QWidget(parent),
      m_media(media),
      m_file(folder / artifact.path),
      m_sha256(artifact.sha256),
      m_label(new QLabel(this)),
      m_note(makeNote(QStringLiteral("recordedMapNote"), tr("Reading the evidence map"), this)) {
    setObjectName(QStringLiteral("recordedMap"));
    m_label->setObjectName(QStringLiteral("recordedMapPicture"));
    m_label->setAccessibleName(tr("Evidence map as it was recorded"));
    m_label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_label->hide();
    auto* name = new ElidedLabel(QStringLiteral("exhibitArtifact"), this);
    name->setFullText(model.isEmpty() ? tr("Evidence map") : tr("Evidence map of %1").arg(model));
    name->setToolTip(tr("%1\nSHA-256 as recorded: %2").arg(toText(m_file), toText(m_sha256)));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(name);
    column->addWidget(m_label);
    column->addWidget(m_note);
    connect(&m_media, &MediaService::imageLoaded, this, [this](quint64 id, const LoadedImagePtr& image) {
        if (id != m_loading || id == 0) return;
        m_loading = 0;
        showLoaded(image);
    });
}

RecordedMap::~RecordedMap() {
    if (m_loading != 0) m_media.forget({m_loading});
}

void RecordedMap::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (std::exchange(m_asked, true)) return;
    QTimer::singleShot(kSettleMs, this, [this] { m_loading = m_media.loadApart(m_file); });
}

void RecordedMap::showLoaded(const LoadedImagePtr& image) {
    QString problem;
    if (!image->error.empty())
        problem = sentence(image->error);
    else if (image->sha256 != m_sha256)
        problem = tr("The file of the evidence map is not what was recorded.");
    m_note->setText(problem);
    m_note->setVisible(!problem.isEmpty());
    if (problem.isEmpty()) m_picture = image->levels.front();
    scale();
}

void RecordedMap::scale() {
    m_label->setVisible(hasPicture());
    if (!hasPicture()) return;
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap = QPixmap::fromImage(m_picture.scaled(QSizeF(width() * ratio, kMaxHeight * ratio).toSize(),
                                                         Qt::KeepAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_label->setPixmap(pixmap);
}

void RecordedMap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) scale();
}

}  // namespace signet::ui
