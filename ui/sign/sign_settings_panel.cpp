#include "ui/sign/sign_settings_panel.h"

#include <QAction>
#include <QComboBox>
#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/examine.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/sign/sign_key_choice.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

SignSettingsPanel::SignSettingsPanel(KeyService& keys, QWidget* parent)
    : QWidget(parent),
      m_model(new QComboBox(this)),
      m_modelNote(makeNote(QStringLiteral("signModelNote"), {}, this)),
      m_key(new SignKeyChoice(keys, this)),
      m_codeLabel(makeLabel(QStringLiteral("signCodeLabel"), tr("&Code, hexadecimal"), this)),
      m_code(new QLineEdit(this)),
      m_random(new QToolButton(this)),
      m_codeNote(makeNote(QStringLiteral("signCodeNote"), {}, this)),
      m_strength(new QSlider(Qt::Horizontal, this)),
      m_strengthLabel(makeLabel(QStringLiteral("signStrengthLabel"), {}, this)),
      m_format(new QComboBox(this)),
      m_qualityLabel(makeLabel(QStringLiteral("signQualityLabel"), tr("&Quality"), this)),
      m_quality(new QSpinBox(this)),
      m_folder(new QLineEdit(this)),
      m_chooseFolder(new QToolButton(this)) {
    setObjectName(QStringLiteral("signSettings"));
    const auto name = [](QWidget* widget, const char* objectName, const QString& accessible) {
        widget->setObjectName(QLatin1String(objectName));
        widget->setAccessibleName(accessible);
    };
    name(m_model, "signModel", tr("Model"));
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    name(m_code, "signCode", tr("Code, hexadecimal"));
    m_code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_code->setPlaceholderText(tr("random for each image"));
    m_code->setAcceptDrops(false);
    name(m_random, "randomCodeButton", tr("Random code"));
    m_random->setIcon(themedIcon(QStringLiteral("random")));
    m_random->setText(tr("Random"));
    m_random->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_random->setToolTip(tr("Fill in a random code"));
    m_random->setFocusPolicy(Qt::StrongFocus);
    name(m_strength, "signStrength", tr("Strength, per cent"));
    m_strength->setRange(static_cast<int>(100 * kLowestStrength), static_cast<int>(100 * kHighestStrength));
    m_strength->setValue(100);
    m_strength->setPageStep(25);
    m_strength->setTickInterval(25);
    m_strength->setTickPosition(QSlider::TicksBelow);
    name(m_format, "signFormat", tr("Output format"));
    m_format->addItem(tr("Keep each image's own"), QString());
    for (const char* format : {"png", "jpeg", "webp", "tiff"}) {
        m_format->addItem(QString::fromLatin1(format).toUpper(), QString::fromLatin1(format));
    }
    m_format->setItemText(3, QStringLiteral("WebP"));
    name(m_quality, "signQuality", tr("Quality of JPEG and WebP"));
    m_quality->setRange(1, 100);
    m_quality->setValue(95);
    name(m_folder, "signFolder", tr("Output folder"));
    m_folder->setPlaceholderText(tr("beside each original"));
    m_folder->setClearButtonEnabled(true);
    m_folder->setAcceptDrops(false);
    name(m_chooseFolder, "chooseFolderButton", tr("Choose the output folder"));
    m_chooseFolder->setIcon(themedIcon(QStringLiteral("open")));
    m_chooseFolder->setToolTip(tr("Choose the output folder"));
    m_chooseFolder->setFocusPolicy(Qt::StrongFocus);
    makeLayout();
    connectAll();
    updateModel();
}

void SignSettingsPanel::makeLayout() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(4);
    const auto label = [this](const char* objectName, const QString& text, QWidget* buddy) {
        QLabel* made = makeLabel(QLatin1String(objectName), text, this);
        made->setTextFormat(Qt::AutoText);
        made->setBuddy(buddy);
        return made;
    };
    column->addWidget(label("signModelLabel", tr("&Model"), m_model));
    column->addWidget(m_model);
    column->addWidget(m_modelNote);
    column->addWidget(m_key);
    column->addSpacing(kGrid);
    m_codeLabel->setBuddy(m_code);
    column->addWidget(m_codeLabel);
    auto* code = new QHBoxLayout;
    code->addWidget(m_code, 1);
    code->addWidget(m_random);
    column->addLayout(code);
    keepRoom(m_codeNote, 2, false);
    column->addWidget(m_codeNote);
    column->addSpacing(kGrid);
    m_strengthLabel->setBuddy(m_strength);
    column->addWidget(m_strengthLabel);
    column->addWidget(m_strength);
    column->addWidget(makeNote(QStringLiteral("signStrengthNote"),
                               tr("More is easier to find again and easier to see."), this));
    column->addSpacing(kGrid);
    column->addWidget(label("signFormatLabel", tr("Output &format"), m_format));
    auto* format = new QHBoxLayout;
    m_qualityLabel->setBuddy(m_quality);
    format->addWidget(m_format, 1);
    format->addWidget(m_qualityLabel);
    format->addWidget(m_quality);
    column->addLayout(format);
    column->addSpacing(kGrid);
    column->addWidget(label("signFolderLabel", tr("Output fo&lder"), m_folder));
    auto* folder = new QHBoxLayout;
    folder->addWidget(m_folder, 1);
    folder->addWidget(m_chooseFolder);
    column->addLayout(folder);
    column->addWidget(makeNote(QStringLiteral("signFolderNote"),
                               tr("Signed copies are named “…-signed”. Nothing is ever replaced."), this));
    column->addStretch(1);
}

void SignSettingsPanel::connectAll() {
    connect(m_model, &QComboBox::currentIndexChanged, this, [this] {
        updateModel();
        Q_EMIT previewChanged();
        Q_EMIT changed();
    });
    connect(m_key, &SignKeyChoice::changed, this, [this] {
        if (!isKeyed()) return;
        Q_EMIT previewChanged();
        Q_EMIT changed();
    });
    connect(m_code, &QLineEdit::textChanged, this, [this] {
        updateTexts();
        Q_EMIT previewChanged();
        Q_EMIT changed();
    });
    connect(m_random, &QToolButton::clicked, this, &SignSettingsPanel::randomCode);
    connect(m_strength, &QSlider::valueChanged, this, [this] {
        updateTexts();
        Q_EMIT previewChanged();
        Q_EMIT changed();
    });
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        updateTexts();
        Q_EMIT changed();
    });
    connect(m_chooseFolder, &QToolButton::clicked, this, &SignSettingsPanel::chooseFolder);
    connect(m_folder, &QLineEdit::textChanged, this, &SignSettingsPanel::changed);
}

void SignSettingsPanel::setCatalogue(const std::shared_ptr<const Catalogue>& catalogue) {
    m_catalogue = catalogue;
    const QString before = m_wantedModel.isEmpty() ? m_model->currentText() : m_wantedModel;
    {
        const QSignalBlocker blocker(m_model);
        m_model->clear();
        for (const ModelEntry& entry : m_catalogue->models) {
            if (entry.manifest.kind() == models::Kind::Signature)
                m_model->addItem(toText(entry.manifest.name));
        }
        const int wanted = m_model->findText(before);
        const int usual = m_model->findText(toText(examine::SignOptions().model));
        if (m_model->count() > 0) m_model->setCurrentIndex(std::max(0, wanted >= 0 ? wanted : usual));
    }
    updateModel();
    Q_EMIT previewChanged();
    Q_EMIT changed();
}

void SignSettingsPanel::selectModel(const QString& name) {
    m_wantedModel = name;
    if (const int at = m_model->findText(name); at >= 0) m_model->setCurrentIndex(at);
}

const ModelEntry* SignSettingsPanel::model() const {
    if (!m_catalogue) return nullptr;
    for (const ModelEntry& entry : m_catalogue->models) {
        if (toText(entry.manifest.name) == m_model->currentText()) return &entry;
    }
    return nullptr;
}

int SignSettingsPanel::codeBits() const {
    return model() ? model()->manifest.bits() : 0;
}

double SignSettingsPanel::strength() const {
    return m_strength->value() / 100.0;
}

void SignSettingsPanel::updateModel() {
    m_modelNote->clear();
    if (const ModelEntry* entry = model())
        m_modelNote->setText(tr("%1%2").arg(toText(entry->manifest.title),
                                            entry->manifest.validated ? QString() : tr(" — not validated")));
    else if (m_catalogue && m_model->count() == 0)
        m_modelNote->setText(tr("No signature model is installed."));
    m_modelNote->setVisible(!m_modelNote->text().isEmpty());
    m_key->setVisible(isKeyed());
    const bool coded = codeBits() > 1;
    for (QWidget* widget : {static_cast<QWidget*>(m_codeLabel), static_cast<QWidget*>(m_code),
                            static_cast<QWidget*>(m_random), static_cast<QWidget*>(m_codeNote)}) {
        widget->setVisible(coded);
    }
    m_code->setMaxLength(std::max(1, (codeBits() + 3) / 4));
    updateTexts();
}

void SignSettingsPanel::updateTexts() {
    m_strengthLabel->setText(tr("Stren&gth × %1").arg(strength(), 0, 'f', 2));
    m_strengthLabel->setTextFormat(Qt::AutoText);
    m_codeLabel->setTextFormat(Qt::AutoText);
    m_qualityLabel->setTextFormat(Qt::AutoText);
    const QString format = m_format->currentData().toString();
    const bool lossy = format.isEmpty() || format == QLatin1String("jpeg") || format == QLatin1String("webp");
    m_quality->setEnabled(lossy);
    m_qualityLabel->setEnabled(lossy);
    const int bits = codeBits();
    const QString trouble = codeProblem();
    const QString meaning = tr("%1 bits, up to %2 digits").arg(bits).arg((bits + 3) / 4);
    m_codeNote->setText(trouble.isEmpty() || m_code->text().isEmpty() ? meaning : trouble);
}

QString SignSettingsPanel::problem() const {
    if (!m_catalogue) return tr("The list of models is being read.");
    if (m_model->currentText().isEmpty()) {
        return tr("No signature model is installed. Put one into the models folder and start again.");
    }
    const QString ofCode = codeProblem();
    return ofCode.isEmpty() && isKeyed() ? m_key->problem() : ofCode;
}

QString SignSettingsPanel::codeProblem() const {
    const int bits = codeBits();
    if (bits <= 1 || m_code->text().isEmpty()) return {};
    try {
        const auto code = bitsFromHex(m_code->text().toStdString(), bits);
        if (std::none_of(code.begin(), code.end(), [](auto bit) { return bit != 0; })) {
            return tr("The code 0 stands for unsigned images. Choose another.");
        }
    } catch (const Error&) {
        return tr("Not a code of %1 bits: digits 0–9 and a–f, at most %2 of them.")
            .arg(bits)
            .arg((bits + 3) / 4);
    }
    return {};
}

examine::SignOptions SignSettingsPanel::options() const {
    examine::SignOptions options;
    options.model = m_model->currentText().toStdString();
    if (codeBits() > 1) options.codeHex = m_code->text().toLower().toStdString();
    if (isKeyed()) options.key = m_key->fingerprint();
    options.strength = strength();
    if (const QString format = m_format->currentData().toString(); !format.isEmpty()) {
        options.format = image::formatFromName(format.toStdString());
    }
    options.quality = m_quality->value();
    return options;
}

QString SignSettingsPanel::outputFolder() const {
    return m_folder->text().trimmed();
}
void SignSettingsPanel::setCode(const QString& hex) {
    m_code->setText(hex);
}
void SignSettingsPanel::setStrength(double strength) {
    m_strength->setValue(qRound(100 * strength));
}
void SignSettingsPanel::setOutputFolder(const QString& folder) {
    m_folder->setText(folder);
}

void SignSettingsPanel::randomCode() {
    std::vector<std::uint8_t> bits(static_cast<std::size_t>(std::max(1, codeBits())));
    do {
        for (auto& bit : bits) bit = static_cast<std::uint8_t>(QRandomGenerator::system()->bounded(2));
    } while (std::none_of(bits.begin(), bits.end(), [](auto bit) { return bit != 0; }));
    m_code->setText(QString::fromStdString(hexFromBits(bits)));
}

void SignSettingsPanel::chooseFolder() {
    FileDialogs::openFolder(this, tr("Choose the output folder"), outputFolder(),
                            [this](const QStringList& names) {
                                if (!names.isEmpty()) m_folder->setText(names.front());
                            });
}

void SignSettingsPanel::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("sign/model"), m_model->currentText());
    settings.setValue(QStringLiteral("sign/key"), toText(m_key->fingerprint()));
    settings.setValue(QStringLiteral("sign/strength"), m_strength->value());
    settings.setValue(QStringLiteral("sign/format"), m_format->currentData());
    settings.setValue(QStringLiteral("sign/quality"), m_quality->value());
    settings.setValue(QStringLiteral("sign/folder"), m_folder->text());
}

void SignSettingsPanel::restoreSettings(const QSettings& settings) {
    m_wantedModel = settings.value(QStringLiteral("sign/model")).toString();
    m_key->choose(settings.value(QStringLiteral("sign/key")).toString().toStdString());
    m_strength->setValue(settings.value(QStringLiteral("sign/strength"), 100).toInt());
    m_format->setCurrentIndex(std::max(0, m_format->findData(settings.value(QStringLiteral("sign/format")))));
    m_quality->setValue(settings.value(QStringLiteral("sign/quality"), 95).toInt());
    m_folder->setText(settings.value(QStringLiteral("sign/folder")).toString());
}

}  // namespace signet::ui
