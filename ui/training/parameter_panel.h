#pragma once

#include <QWidget>

#include "ui/itemmodels/parameter_model.h"

namespace signet::ui {

/// The options of the selected runs beside each other. GUI thread.
class ParameterPanel : public QWidget {
    Q_OBJECT
public:
    explicit ParameterPanel(QWidget* parent = nullptr);

    void setRuns(const std::vector<ParameterModel::Run>& runs) { m_model->setRuns(runs); }

private:
    ParameterModel* m_model;
};

}  // namespace signet::ui
