#pragma once

#include <QApplication>
#include <QLoggingCategory>

namespace signet::ui {

/// A QApplication without a display, for benchmarks: the same everywhere, without what a display server
/// takes. The only one of its process.
class OffscreenApplication {
public:
    OffscreenApplication() : m_application(m_count, m_arguments) {}

private:
    char m_name[7] = "signet";
    char* m_arguments[2] = {m_name, nullptr};
    int m_count = prepared();
    QApplication m_application;

    static int prepared() {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        QLoggingCategory::setFilterRules(QStringLiteral("default.warning=false"));  // of that platform
        return 1;
    }
};

}  // namespace signet::ui
