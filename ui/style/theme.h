#pragma once

#include <QColor>
#include <QDBusVariant>
#include <QObject>
#include <QPalette>

namespace signet::ui {

enum class ThemeMode { System, Light, Dark };

/// The colours that carry a meaning and are not in QPalette. Text contrast is at least 4.5:1 on the base and
/// window colours of the same theme; a word or a shape always stands beside the colour.
struct MeaningColours {
    QColor accent;          ///< the one accent: selection, a signature found
    QColor inconclusive;    ///< amber
    QColor absent;          ///< neutral
    QColor error;           ///< vermilion
    QColor border;          ///< hairlines
    QColor field;           ///< edges of fields and boxes: 3:1 on base and window
    QColor muted;           ///< secondary text
    QColor unsignedSeries;  ///< Okabe-Ito blue
    QColor signedSeries;    ///< Okabe-Ito orange
};

/// True while the application's palette is dark.
bool isDark();

/// The meaning colours of the current theme.
const MeaningColours& meaningColours();

/// Palettes of the two themes.
QPalette themePalette(bool dark);

/// Gives the application the Fusion style and the light or dark palette with its style sheet, by the mode
/// asked for and what the system says (desktop portal, asked without waiting for it). Lives on the GUI
/// thread.
class ThemeController : public QObject {
    Q_OBJECT
public:
    explicit ThemeController(QObject* parent = nullptr);

    void setMode(ThemeMode mode);
    ThemeMode mode() const { return m_mode; }

    /// Asks the desktop portal for the system's scheme and follows its changes. Called once the window is
    /// shown.
    void followSystem();

Q_SIGNALS:
    void changed(bool dark);

private Q_SLOTS:
    void onPortalSetting(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void apply();

    ThemeMode m_mode = ThemeMode::System;
    bool m_systemDark = false;
};

}  // namespace signet::ui
