#include "ui/style/theme.h"

#include <unistd.h>
#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFile>
#include <QFileInfo>
#include <QToolTip>

#include "ui/style/field_frame_style.h"

namespace signet::ui {
namespace {

constexpr auto kPortalSpace = "org.freedesktop.appearance";
constexpr auto kPortalKey = "color-scheme";

const MeaningColours kLight{QColor(0x0B5CAD), QColor(0x8A5A00), QColor(0x57606A),
                            QColor(0xB3400A), QColor(0xCDD3DA), QColor(0x858D96),
                            QColor(0x57606A), QColor(0x0072B2), QColor(0xE69F00)};
const MeaningColours kDark{QColor(0x6CB6F0), QColor(0xE8B04A), QColor(0xA3ADB8),
                           QColor(0xFF8A5C), QColor(0x3A4149), QColor(0x737C86),
                           QColor(0xA3ADB8), QColor(0x56B4E9), QColor(0xE69F00)};

QString styleSheet() {
    QFile file(QStringLiteral(":/signet/qss/signet.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString text = QString::fromUtf8(file.readAll());
    const QPalette palette = QApplication::palette();
    const MeaningColours& colours = meaningColours();
    const std::pair<const char*, QColor> values[] = {
        {"@base", palette.color(QPalette::Base)},
        {"@window", palette.color(QPalette::Window)},
        {"@alternate", palette.color(QPalette::AlternateBase)},
        {"@text", palette.color(QPalette::Text)},
        {"@accent", colours.accent},
        {"@inconclusive", colours.inconclusive},
        {"@absent", colours.absent},
        {"@error", colours.error},
        {"@border", colours.border},
        {"@field", colours.field},
        {"@muted", colours.muted},
        {"@selection", palette.color(QPalette::Highlight)},
        {"@onSelection", palette.color(QPalette::HighlightedText)},
    };
    for (const auto& [name, colour] : values) text.replace(QLatin1String(name), colour.name());
    return text;
}

bool sessionBusIsThere() {
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
           QFileInfo::exists(QStringLiteral("/run/user/%1/bus").arg(getuid()));
}

}  // namespace

bool isDark() {
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

const MeaningColours& meaningColours() {
    return isDark() ? kDark : kLight;
}

QPalette themePalette(bool dark) {
    const MeaningColours& colours = dark ? kDark : kLight;
    const QColor window(dark ? 0x1E2125 : 0xF3F4F6);
    const QColor base(dark ? 0x17191C : 0xFFFFFF);
    const QColor text(dark ? 0xE6E9ED : 0x1A1E23);
    const QColor button(dark ? 0x2B3036 : 0xFAFBFC);
    QPalette palette(button, window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(dark ? 0x23272C : 0xEBEEF1));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, colours.error);
    palette.setColor(QPalette::ToolTipBase, QColor(dark ? 0x2B3036 : 0xFFFFFF));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, colours.muted);
    palette.setColor(QPalette::Highlight, dark ? QColor(0x2A6FA8) : QColor(0x0B5CAD));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, colours.accent);
    palette.setColor(QPalette::LinkVisited, colours.accent);
    const QColor disabled(dark ? 0x7C858F : 0x87909A);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, disabled);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(dark ? 0x3A4149 : 0xC3CAD2));
    return palette;
}

ThemeController::ThemeController(QObject* parent)
    : QObject(parent), m_systemDark(QApplication::palette().color(QPalette::Window).lightness() < 128) {
    QApplication::setStyle(new FieldFrameStyle);
    apply();
}

void ThemeController::setMode(ThemeMode mode) {
    if (mode == m_mode) return;
    m_mode = mode;
    apply();
}

void ThemeController::apply() {
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemDark);
    const QPalette palette = themePalette(dark);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    qApp->setStyleSheet(styleSheet());
    Q_EMIT changed(dark);
}

void ThemeController::followSystem() {
    if (!sessionBusIsThere()) return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
    const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
    const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(onPortalSetting(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    question << QString::fromLatin1(kPortalSpace) << QString::fromLatin1(kPortalKey);
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusVariant> reply = *done;
        if (!reply.isError()) {
            onPortalSetting(QString::fromLatin1(kPortalSpace), QString::fromLatin1(kPortalKey),
                            reply.value());
        }
        done->deleteLater();
    });
}

void ThemeController::onPortalSetting(const QString& space, const QString& key, const QDBusVariant& value) {
    if (space != QLatin1String(kPortalSpace) || key != QLatin1String(kPortalKey)) return;
    QVariant scheme = value.variant();
    if (scheme.canConvert<QDBusVariant>())
        scheme = scheme.value<QDBusVariant>().variant();  // Read() wraps twice
    const bool dark = scheme.toUInt() == 1;               // 0 no preference, 1 dark, 2 light
    if (dark == m_systemDark) return;
    m_systemDark = dark;
    if (m_mode == ThemeMode::System) apply();
}

}  // namespace signet::ui
