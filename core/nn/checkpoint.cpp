#include "core/nn/checkpoint.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/torch.h>

#include <utility>

#include "core/nn/runtime.h"

namespace signet::nn {
namespace {

using torch::Tensor;
using torch::autograd::variable_list;

thread_local bool recomputing = false;

struct Recomputing {
    Recomputing() { recomputing = true; }
    ~Recomputing() { recomputing = false; }
};

/// States of the generators that work on a device may draw from.
class GeneratorStates {
public:
    explicit GeneratorStates(const torch::Device& device) {
        remember(torch::kCPU);
        if (!device.is_cpu()) remember(device);
    }
    void restore() const {
        for (auto [generator, state] : m_states) {
            const std::lock_guard lock(generator.mutex());
            generator.set_state(state);
        }
    }

private:
    void remember(const torch::Device& device) {
        at::Generator generator = at::globalContext().defaultGenerator(device);
        const std::lock_guard lock(generator.mutex());
        m_states.emplace_back(generator, generator.get_state());
    }
    std::vector<std::pair<at::Generator, Tensor>> m_states;
};

class Recompute : public torch::autograd::Node {
public:
    Recompute(Block block, std::vector<Tensor> inputs)
        : Node(torch::autograd::collect_next_edges(inputs)),
          m_block(std::move(block)),
          m_inputs(std::move(inputs)),
          m_generators(m_inputs.front().device()),
          m_bf16(at::autocast::is_autocast_enabled(m_inputs.front().device().type())) {}

    variable_list apply(variable_list&& gradients) override {
        TORCH_CHECK(!m_inputs.empty(), "a checkpointed block was asked for its gradient twice");
        std::vector<Tensor> inputs;
        for (const Tensor& input : m_inputs)
            inputs.push_back(input.detach().set_requires_grad(input.requires_grad()));
        const GeneratorStates now(inputs.front().device());
        Tensor output;
        {
            const torch::AutoGradMode gradients(true);
            const Bf16Guard autocast(m_bf16, inputs.front().device().type());
            m_generators.restore();
            const Recomputing flag;
            output = m_block(inputs);
        }
        now.restore();
        torch::autograd::backward({output}, {gradients.front()});
        variable_list result;
        for (const Tensor& input : inputs) result.push_back(input.grad());
        return result;
    }
    void release_variables() override {
        m_inputs.clear();
        m_block = nullptr;
    }

private:
    Block m_block;
    std::vector<Tensor> m_inputs;
    GeneratorStates m_generators;
    bool m_bf16;
};

}  // namespace

Tensor checkpointed(const Block& block, const std::vector<Tensor>& inputs) {
    if (!torch::GradMode::is_enabled()) return block(inputs);
    const auto node = std::make_shared<Recompute>(block, inputs);
    Tensor output;
    {
        const torch::NoGradGuard guard;
        output = block(inputs);
    }
    torch::autograd::set_history(output, node);
    return output;
}

bool isRecomputing() {
    return recomputing;
}

}  // namespace signet::nn
