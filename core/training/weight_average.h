#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "core/nn/safetensors.h"

namespace signet::training {

/// Exponential moving average of named parameters: average = decay * average + (1 - decay) * weight after
/// each step, with decay held at (1 + t) / (10 + t) while that is smaller, so that the first weights are
/// forgotten. For one thread.
class WeightAverage {
public:
    WeightAverage(nn::NamedParameters parameters, double decay);

    void update();
    /// Begins anew at the weights of now.
    void reset();
    /// Exchanges weights and average: once to use the average, once more to train on.
    void swap();

    /// The averages under the parameters' names; the step count as "steps" (int64).
    nn::TensorMap state() const;
    /// Throws Corrupt naming what is missing or of another shape.
    void load(const nn::TensorMap& state);

    /// The average in place of the weights while alive.
    class InUse {
    public:
        explicit InUse(WeightAverage* average) : m_average(average) {
            if (m_average) m_average->swap();
        }
        ~InUse() {
            if (m_average) m_average->swap();
        }
        InUse(const InUse&) = delete;
        InUse& operator=(const InUse&) = delete;

    private:
        WeightAverage* m_average;
    };

private:
    nn::NamedParameters m_parameters;
    std::vector<torch::Tensor> m_average;
    double m_decay;
    std::int64_t m_steps = 0;
};

}  // namespace signet::training
