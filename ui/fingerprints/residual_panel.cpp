#include "ui/fingerprints/residual_panel.h"

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/style/widgets.h"
#include "ui/viewer/image_canvas.h"

namespace signet::ui {
namespace {

constexpr QSize kSmallestCanvas(100, 100);
constexpr int kMostSeed = 99'999;

}  // namespace

ResidualPanel::ResidualPanel(QAction* draw, QWidget* parent)
    : QWidget(parent),
      m_source(new QComboBox(this)),
      m_codeSeed(makeSeed("residualCodeSeed", tr("Seed of the fingerprints"))),
      m_pictureSeed(makeSeed("residualPictureSeed", tr("Seed of the picture"))),
      m_note(makeNote(QStringLiteral("residualNote"), {}, this)),
      m_exchanged(new QSlider(Qt::Horizontal, this)),
      m_exchangedText(makeLabel(QStringLiteral("residualExchangedText"), {}, this)) {
    setObjectName(QStringLiteral("residualPanel"));
    m_exchanged->setObjectName(QStringLiteral("residualExchanged"));
    m_exchanged->setAccessibleName(tr("Bits exchanged"));
    m_exchanged->setToolTip(
        tr("So many bits of the second picture's fingerprint are B's, from the first on"));
    auto* slide = new QHBoxLayout;
    slide->setContentsMargins(kGrid, 4, kGrid, kGrid);
    slide->setSpacing(kGrid);
    slide->addWidget(makeLabel(QStringLiteral("residualExchangedLabel"), tr("Bits exchanged"), this));
    slide->addWidget(m_exchanged, 1);
    slide->addWidget(m_exchangedText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeChoice(draw));
    column->addWidget(makePictures(), 1);
    column->addLayout(slide);
    connect(m_source, &QComboBox::currentIndexChanged, this, &ResidualPanel::change);
    for (QSpinBox* seed : {m_codeSeed, m_pictureSeed})
        connect(seed, &QSpinBox::valueChanged, this, &ResidualPanel::change);
    connect(m_exchanged, &QSlider::valueChanged, this, [this] {
        showExchanged();
        if (m_pictures || m_drawing) Q_EMIT drawWanted();
    });
    setModel(nullptr);
}

QSpinBox* ResidualPanel::makeSeed(const char* objectName, const QString& name) {
    auto* seed = new QSpinBox(this);
    seed->setObjectName(QLatin1String(objectName));
    seed->setAccessibleName(name);
    seed->setToolTip(name);
    seed->setRange(0, kMostSeed);
    seed->setValue(1);
    return seed;
}

QWidget* ResidualPanel::makeChoice(QAction* draw) {
    m_source->setObjectName(QStringLiteral("residualSource"));
    m_source->setAccessibleName(tr("Which two fingerprints"));
    m_source->addItems({tr("Fingerprints drawn at random"), tr("The two selected instances")});
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_source->setMinimumContentsLength(12);
    auto* choice = new QWidget(this);
    choice->setObjectName(QStringLiteral("residualChoice"));
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_source, 1);
    m_codeSeed->setPrefix(tr("codes "));
    m_pictureSeed->setPrefix(tr("picture "));
    row->addWidget(m_codeSeed);
    row->addWidget(m_pictureSeed);
    row->addWidget(makePushButton(QStringLiteral("residualDrawButton"), draw, this));
    auto* column = new QVBoxLayout(choice);
    column->setContentsMargins(kGrid, kGrid, kGrid, 4);
    column->setSpacing(4);
    column->addLayout(row);
    keepRoom(m_note, 2);
    column->addWidget(m_note);
    return choice;
}

QWidget* ResidualPanel::makePictures() {
    auto* pictures = new QWidget(this);
    pictures->setObjectName(QStringLiteral("residualPictures"));
    auto* row = new QHBoxLayout(pictures);
    row->setContentsMargins(kGrid, 0, kGrid, 0);
    row->setSpacing(kGrid);
    static const char* const kNames[] = {"First", "Second", "Difference"};
    for (std::size_t i = 0; i < m_canvases.size(); ++i) {
        const QString name = QStringLiteral("residual%1").arg(QLatin1String(kNames[i]));
        m_canvases[i] = new ImageCanvas(pictures);
        m_canvases[i]->setObjectName(name);
        m_canvases[i]->setMinimumSize(kSmallestCanvas);
        m_captions[i] = makeNote(name + QStringLiteral("Caption"), {}, this);
        keepRoom(m_captions[i], 2);
        auto* column = new QVBoxLayout;
        column->setSpacing(4);
        column->addWidget(m_canvases[i], 1);
        column->addWidget(m_captions[i]);
        row->addLayout(column, 1);
        connect(m_canvases[i], &ImageCanvas::viewChanged, this, [this, i] {
            for (ImageCanvas* other : m_canvases) {
                const QSignalBlocker blocker(other);  // it would lead the others in turn
                if (other != m_canvases[i]) other->setView(m_canvases[i]->view());
            }
        });
    }
    m_captions[0]->setText(tr("A"));
    m_captions[2]->setText(tr("Difference ×%1 about mid-grey").arg(ResidualPictures::kGain));
    return pictures;
}

bool ResidualPanel::isRandom() const {
    return m_source->currentIndex() == 0;
}

QString ResidualPanel::obstacle() const {
    if (!m_model)
        return tr(
            "No fingerprinting model is installed: train one, or put one into the workspace's models "
            "folder.");
    if (isRandom()) return {};
    if (m_instances.size() != 2) return tr("Select two instances in the registry, with Ctrl.");
    for (const registry::Instance& instance : m_instances)
        if (instance.modelSha256 != m_model->weightsSha256 || instance.bits != m_model->bits())
            return tr("Instance %1 was issued with another model, %2.")
                .arg(instance.id)
                .arg(toText(visibleName(instance.model)));
    return {};
}

void ResidualPanel::change() {
    const QString why = obstacle();
    m_note->setText(!why.isEmpty() ? why
                    : isRandom() ? tr("A and B are drawn at random from the codes' seed; the same seeds give "
                                      "the same pictures.")
                                 : tr("A is instance %1, issued to %2; B is instance %3, issued to %4.")
                                       .arg(m_instances[0].id)
                                       .arg(toText(visibleName(m_instances[0].holder)))
                                       .arg(m_instances[1].id)
                                       .arg(toText(visibleName(m_instances[1].holder))));
    m_codeSeed->setEnabled(isRandom());
    showExchanged();
    Q_EMIT requestChanged();
    if ((m_pictures || m_drawing) && why.isEmpty()) Q_EMIT drawWanted();
}

void ResidualPanel::showExchanged() {
    const int exchanged = m_exchanged->value();
    m_exchangedText->setText(tr("%1 of %2").arg(exchanged).arg(m_exchanged->maximum()));
    const bool all = exchanged == m_exchanged->maximum();
    m_captions[1]->setText(all              ? tr("B")
                           : exchanged == 0 ? tr("A, no bit exchanged")
                                            : tr("A with the first %1 bits of B").arg(exchanged));
    if (m_drawing) m_captions[1]->setText(tr("%1 · drawing …").arg(m_captions[1]->text()));
}

void ResidualPanel::setModel(const models::Manifest* model) {
    const int bits = model ? model->bits() : 0;
    const bool isOther = !model || !m_model || m_model->weightsSha256 != model->weightsSha256;
    m_model = model ? std::optional(*model) : std::nullopt;
    if (!isOther) return;
    {
        const QSignalBlocker blocker(m_exchanged);
        m_exchanged->setRange(0, bits);
        m_exchanged->setValue(bits);
    }
    m_pictures = nullptr;
    m_drawing = false;
    for (ImageCanvas* canvas : m_canvases) canvas->setImage(nullptr);
    m_exchanged->setEnabled(model != nullptr);
    change();
}

void ResidualPanel::setInstances(const std::vector<registry::Instance>& instances) {
    const auto isSame = [](const registry::Instance& a, const registry::Instance& b) { return a.id == b.id; };
    if (std::equal(m_instances.begin(), m_instances.end(), instances.begin(), instances.end(), isSame))
        return;
    m_instances = instances;
    if (!isRandom()) change();
}

std::optional<ResidualRequest> ResidualPanel::request() const {
    if (!obstacle().isEmpty()) return std::nullopt;
    ResidualRequest wanted;
    wanted.model = *m_model;
    if (!isRandom()) {
        wanted.codeA = m_instances[0].codeHex;
        wanted.codeB = m_instances[1].codeHex;
    }
    wanted.codeSeed = static_cast<std::uint64_t>(m_codeSeed->value());
    wanted.pictureSeed = static_cast<std::uint64_t>(m_pictureSeed->value());
    wanted.exchanged = m_exchanged->value();
    return wanted;
}

void ResidualPanel::setDrawing(bool drawing) {
    m_drawing = drawing;
    showExchanged();
}

void ResidualPanel::showPictures(const ResidualPicturesPtr& pictures) {
    const bool keepView = m_pictures && m_pictures->first->width() == pictures->first->width();
    m_pictures = pictures;
    const LoadedImagePtr shown[] = {pictures->first, pictures->second, pictures->residual};
    for (std::size_t i = 0; i < m_canvases.size(); ++i) m_canvases[i]->setImage(shown[i], keepView);
}

}  // namespace signet::ui
