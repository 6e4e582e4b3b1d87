#include "ui/generators/draw_settings_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "core/examine/loaded_models.h"
#include "ui/bridge/text.h"
#include "ui/page/model_choice_button.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kLastSeed = 999'999'999;
constexpr int kMostDrawn = 64;
constexpr int kUsuallyDrawn = 16;
constexpr int kLastNumber = 9'999;  ///< of a picture that is an end of a way
constexpr double kNoEta = -0.1;     ///< as the model says
constexpr int kNoClass = -1;
constexpr double kMostGuidance = 20;

}  // namespace

DrawSettingsPanel::DrawSettingsPanel(QAction* next, ModelChoice& choice, QWidget* parent)
    : QWidget(parent),
      m_form(new QFormLayout),
      m_seed(new QSpinBox(this)),
      m_count(new QSpinBox(this)),
      m_from(new QSpinBox(this)),
      m_to(new QSpinBox(this)),
      m_truncation(new QSlider(Qt::Horizontal, this)),
      m_truncationText(makeLabel(QStringLiteral("drawTruncationText"), {}, this)),
      m_steps(new QSpinBox(this)),
      m_eta(new QDoubleSpinBox(this)),
      m_class(new QSpinBox(this)),
      m_guidance(new QDoubleSpinBox(this)),
      m_examine(new QCheckBox(tr("The &models that examine"), this)),
      m_own(new QCheckBox(tr("The detector of its si&gnature"), this)),
      m_note(makeNote(QStringLiteral("drawReadersNote"), {}, this)) {
    setObjectName(QStringLiteral("drawSettings"));
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(kGrid);
    m_form->setVerticalSpacing(4);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(4);
    column->addLayout(m_form);
    makeSettings(next);
    makeReaders(choice);
    column->addStretch(1);
    setControls(std::nullopt);
}

void DrawSettingsPanel::addRow(const char* objectName, const QString& text, QWidget* editor,
                               QWidget* beside) {
    const QString name = QLatin1String(objectName);
    editor->setObjectName(name);
    editor->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    auto* row = new QWidget(this);
    row->setObjectName(name + QStringLiteral("Row"));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(editor, 1);
    if (beside) line->addWidget(beside);
    QLabel* label = makeLabel(name + QStringLiteral("Label"), text, this);
    label->setTextFormat(Qt::AutoText);
    label->setBuddy(editor);
    label->setToolTip(editor->toolTip());
    m_form->addRow(label, row);
}

void DrawSettingsPanel::makeSettings(QAction* next) {
    m_seed->setRange(0, kLastSeed);
    m_seed->setValue(1);
    m_seed->setToolTip(tr("The same seed and settings give the same pictures"));
    QToolButton* button =
        makeActionButton(QStringLiteral("drawNextButton"), next, this, Qt::ToolButtonTextOnly);
    addRow("drawSeed", tr("See&d"), m_seed, button);
    setTabOrder(m_seed, button);
    m_count->setRange(1, kMostDrawn);
    m_count->setValue(kUsuallyDrawn);
    m_count->setToolTip(tr("How many pictures of the seed are drawn"));
    addRow("drawCount", tr("&Pictures"), m_count);
    m_to->setObjectName(QStringLiteral("drawTo"));
    m_to->setAccessibleName(tr("Way to"));
    for (QSpinBox* end : {m_from, m_to}) {
        end->setRange(0, kLastNumber);
        end->setToolTip(tr(
            "Numbers of two pictures of the seed, from 0 on: Draw the way goes from one to the other in as "
            "many pictures. Choosing two of those drawn sets them"));
    }
    m_to->setValue(1);
    addRow("drawFrom", tr("Wa&y from, to"), m_from, m_to);
    m_truncation->setRange(0, 100);
    m_truncation->setValue(100);
    m_truncation->setPageStep(10);
    m_truncation->setToolTip(
        tr("How far styles lie from the mean one: less is more alike and cleaner; 1 is the generator as it "
           "was trained"));
    addRow("drawTruncation", tr("&Truncation"), m_truncation, m_truncationText);
    m_steps->setSpecialValueText(tr("as the model says"));
    m_steps->setToolTip(
        tr("Steps of the diffusion, of a cascade its first: more take longer and are often finer"));
    addRow("drawSteps", tr("&Steps"), m_steps);
    m_eta->setRange(kNoEta, 1);
    m_eta->setSingleStep(0.1);
    m_eta->setValue(kNoEta);
    m_eta->setSpecialValueText(tr("as the model says"));
    m_eta->setToolTip(
        tr("DDIM that draws so much noise on the way: 0 none, 1 as much as ancestral sampling"));
    addRow("drawEta", tr("&Noise (eta)"), m_eta);
    m_class->setRange(kNoClass, kNoClass);
    m_class->setSpecialValueText(tr("none"));
    m_class->setToolTip(tr("Number of the class that is drawn"));
    addRow("drawClass", tr("C&lass"), m_class);
    m_guidance->setRange(0, kMostGuidance);
    m_guidance->setSingleStep(0.5);
    m_guidance->setValue(1);
    m_guidance->setToolTip(
        tr("Weight of the class against none (classifier-free guidance); 1 is the class alone"));
    addRow("drawGuidance", tr("G&uidance"), m_guidance);
    connect(m_truncation, &QSlider::valueChanged, this, &DrawSettingsPanel::showTruncation);
    connect(m_class, &QSpinBox::valueChanged, this,
            [this](int chosen) { m_guidance->setEnabled(chosen != kNoClass); });
    showTruncation();
}

void DrawSettingsPanel::makeReaders(ModelChoice& choice) {
    m_examine->setObjectName(QStringLiteral("drawExamine"));
    m_examine->setAccessibleName(tr("The models that examine read the pictures"));
    m_examine->setToolTip(tr("Each picture is read as on the Inspect page"));
    m_examine->setChecked(true);
    m_own->setObjectName(QStringLiteral("drawOwn"));
    m_own->setAccessibleName(tr("The detector of its signature reads the pictures"));
    m_own->setToolTip(
        tr("The model whose signature the generator was secured with reads each picture, as it comes: "
           "without a calibration, a score from 0 on counts as found"));
    m_own->setChecked(true);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addSpacing(kGrid);
    column->addWidget(makeHeading(QStringLiteral("drawReadersHeading"), tr("Read by"), this));
    column->addWidget(m_examine);
    auto* models = new QHBoxLayout;
    models->setContentsMargins(20, 0, 0, 0);
    auto* chosen = new ModelChoiceButton(QStringLiteral("drawModelsButton"), choice, this);
    setTabOrder(m_examine, chosen);
    models->addWidget(chosen);
    models->addStretch(1);
    column->addLayout(models);
    column->addWidget(m_own);
    QSizePolicy anyWidth = m_note->sizePolicy();  // names in it may be long
    anyWidth.setHorizontalPolicy(QSizePolicy::Ignored);
    m_note->setSizePolicy(anyWidth);
    column->addWidget(m_note);
}

void DrawSettingsPanel::setModel(const models::Manifest& model, const models::Manifest* signature) {
    const bool isLarge = model.resolution >= examine::kSmallestSide;
    m_examine->setEnabled(isLarge);
    const auto* generator = std::get_if<models::GeneratorFields>(&model.of);
    const bool isSecured = generator && !generator->signature.empty();
    const bool isSame = isSecured && signature && signature->weightsSha256 == generator->signatureSha256;
    m_own->setVisible(isSecured);
    m_own->setEnabled(isSame);
    QStringList notes;
    if (!isLarge)
        notes << tr("The models that examine give no answer about pictures of less than %1 px a side.")
                     .arg(examine::kSmallestSide);
    if (isSecured && !isSame)
        notes << (signature ? tr("The installed %1 has other weights than the one it was secured with: that "
                                 "one is needed to read its pictures.")
                            : tr("Its signature is of %1, which is not installed here."))
                     .arg(toText(visibleName(generator->signature)));
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_note->setVisible(!notes.isEmpty());
}

void DrawSettingsPanel::setControls(const std::optional<generators::DrawControls>& controls) {
    m_controls = controls.value_or(generators::DrawControls());
    const auto show = [this](QWidget* editor, bool on) { m_form->setRowVisible(editor->parentWidget(), on); };
    show(m_truncation, m_controls.truncation);
    show(m_steps, m_controls.steps > 0);
    show(m_eta, m_controls.steps > 0);
    show(m_class, m_controls.classes > 0);
    show(m_guidance, m_controls.classes > 0);
    if (!controls) return;  // what was set is kept until it is known what there is
    m_steps->setRange(0, m_controls.steps);
    m_class->setRange(kNoClass, m_controls.classes - 1);
    m_guidance->setEnabled(m_class->value() != kNoClass);
}

generators::SampleRequest DrawSettingsPanel::request() const {
    generators::SampleRequest request;
    request.seed = static_cast<std::uint64_t>(m_seed->value());
    request.count = static_cast<std::uint64_t>(m_count->value());
    generators::DrawSettings& settings = request.settings;
    if (m_controls.truncation) settings.truncation = m_truncation->value() / 100.0;
    if (m_controls.steps > 0) {
        settings.steps = m_steps->value();
        if (m_eta->value() >= 0) settings.eta = m_eta->value();
    }
    if (m_controls.classes > 0 && m_class->value() != kNoClass) {
        settings.label = m_class->value();
        settings.guidance = m_guidance->value();
    }
    return request;
}

generators::SampleRequest DrawSettingsPanel::wayRequest() const {
    generators::SampleRequest way = request();
    way.first = static_cast<std::uint64_t>(m_from->value());
    way.to = static_cast<std::uint64_t>(m_to->value());
    way.count = std::max<std::uint64_t>(way.count, 2);
    return way;
}

void DrawSettingsPanel::setWay(std::uint64_t seed, std::uint64_t from, std::uint64_t to) {
    m_seed->setValue(static_cast<int>(seed));
    m_from->setValue(static_cast<int>(from));
    m_to->setValue(static_cast<int>(to));
}

bool DrawSettingsPanel::isExamined() const {
    return m_examine->isEnabled() && m_examine->isChecked();
}

bool DrawSettingsPanel::isReadByOwn() const {
    return m_own->isEnabled() && !m_own->isHidden() && m_own->isChecked();
}

void DrawSettingsPanel::nextSeed() {
    m_seed->setValue(m_seed->value() < kLastSeed ? m_seed->value() + 1 : 0);
}

void DrawSettingsPanel::showTruncation() {
    m_truncationText->setText(QString::number(m_truncation->value() / 100.0, 'f', 2));
}

void DrawSettingsPanel::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("generators/seed"), m_seed->value());
    settings.setValue(QStringLiteral("generators/count"), m_count->value());
    settings.setValue(QStringLiteral("generators/examine"), m_examine->isChecked());
    settings.setValue(QStringLiteral("generators/own"), m_own->isChecked());
}

void DrawSettingsPanel::restoreSettings(const QSettings& settings) {
    m_seed->setValue(settings.value(QStringLiteral("generators/seed"), 1).toInt());
    m_count->setValue(settings.value(QStringLiteral("generators/count"), kUsuallyDrawn).toInt());
    m_examine->setChecked(settings.value(QStringLiteral("generators/examine"), true).toBool());
    m_own->setChecked(settings.value(QStringLiteral("generators/own"), true).toBool());
}

}  // namespace signet::ui
