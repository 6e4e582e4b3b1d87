#pragma once

#include <QWidget>

class QLabel;
class QSpinBox;
class QToolButton;

namespace signet::ui {

/// How likely it is that a code agrees with a registered one by chance, how many bits must agree, and how far
/// unrelated codes agree anyway. GUI thread.
class CalculatorPanel : public QWidget {
    Q_OBJECT
public:
    explicit CalculatorPanel(QWidget* parent = nullptr);

    /// Length of the codes and number of instances that can be taken over; bits 0: there is nothing.
    void setRegistry(int bits, std::int64_t instances);

private:
    QSpinBox* makeNumber(const char* objectName, const QString& name, int low, int high, int value);
    void compute();

    QSpinBox* m_bits;
    QSpinBox* m_matched;
    QSpinBox* m_instances;
    QSpinBox* m_level;
    QToolButton* m_take;
    QLabel* m_single;
    QLabel* m_corrected;
    QLabel* m_needed;
    QLabel* m_capacity;
    int m_registryBits = 0;
    std::int64_t m_registered = 0;
};

}  // namespace signet::ui
