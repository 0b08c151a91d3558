"""Which unlisted Chinese names are too weak to be believed: ordinary words that only stand where a name could.

A company that the text is about is told more than once, or by something that shows it to be one: a tail (科技, 資本), a
Latin letter, a description before it (晶片廠商…), quotation marks, a stock code. A short stretch without any of them, once, is
more often a word that no list has.
"""

from __future__ import annotations

import re

from models.mention import Name

_TAIL = re.compile(
    r"(?:公司|集团|科技|资本|基金|银行|证券|控股|电子|智能|半导体|生物|生技|医药|药业|制药|创投|国际|股份|实业|汽车|能源|网络|网路|软件|软体|通讯|通信|电信"
    r"|机器人|机械|传媒|光电|精密|材料|工业|化学|重工|航空|航运|物流|地产|建设|金控|金融|保险|人寿|租赁|石化|石油|电力|电气|电器|电机|微电子|数据|资讯|信息|系统|影业|娱乐"
    r"|游戏|食品|零售|百货|酒店|医疗|健康|教育|文化|科创|互动|云|政府|大学|研究院|协会|局|署|部|会|院|银|证|控|金|芯|创|电|钢|铁)$"
)
# What is done, and how: never the name of an investor, though 瑾悦投资 is one.
_DEED = re.compile(
    r"(?:追加|大笔|额外|加码|战略|股权|共同|联合|直接|间接|对外|总|首次|再次|继续|持续|大举|扩大|新增|累计|长期|海外|境外|财务|巨额|新|一项|这项|该项|进行|全额|外部|外来|产业|创业|项目|新一轮|部分|余下|剩余|全部|少数|多数|原有|这些)?"
    r"(?:股份|股权|投资|采购|收购|融资|合作|增资|入股|并购|注资|开发|建设|供应)"
)
_DESCRIBED = re.compile(
    r"(?:公司|企业|集团|厂商?|商|业者|机构|平台|新创|初创|创企|独角兽|品牌|巨头|巨擘|龙头|大厂|运营商|开发商|供应商|制造商|子公司|孙公司|关联方|卖方|买方|银行|基金|旗下)[「“\"]?$"
)
_AFTER = re.compile(r"[」”\"]?\((?:[^()]{0,8}\d{4,6}|[A-Z])|[」”]|公司|集团|(?:\d+(?:\.\d+)?%)?的?(?:股权|股份)(?:$|[,。;])")
_COMMON = frozenset(
    "暂停 高价 杠杆 赴美 背后 贸易 关系 议程 政治 经济 市场 产业 企业 公司 股东 股票 股份 股权 资金 资产 现金 价格 成本 利润 收入 营收 业务 产品 技术 平台 项目 计划 方案 协议 合约 合同 订单"
    " 交易 投资 收购 并购 合并 融资 贷款 债券 基金 保险 银行 政府 机构 单位 团队 人员 员工 客户 用户 消费 供应 需求 生产 制造 研发 设计 服务 管理 营运 运营 销售 采购 出口 进口 物流 运输"
    " 能源 电力 石油 天然气 汽车 芯片 晶片 半导体 人工智慧 人工智能 数据 资料 云端 网路 网络 软体 软件 硬体 硬件 手机 电脑 机器人 卫星 通讯 电信 媒体 广告 游戏 电商 零售 餐饮 旅游 房产 地产"
    " 土地 厂房 工厂 大楼 港口 机场 铁路 公路 医疗 药品 生技 教育 体育 娱乐 电影 音乐 今年 去年 明年 本月 上月 下月 今天 昨天 明天 最近 近期 目前 现在 未来 过去 首次 再次 继续 全球 国际"
    " 国内 海外 境外 亚洲 欧洲 美洲 北美 南美 非洲 中东 东南亚 东亚 两岸 大陆 内地 当地 本地 地方 中央 社会 世界 国家 城市 地区 区域 领域 行业 专家 学者 分析师 投资人 投资者 消费者 业者 厂商"
    " 供应商 制造商 开发商 营运商 运营商 代理商 经销商 竞争 合作 发展 成长 增长 下跌 上涨 扩大 扩张 提升 改善 加强 强化 推动 推出 发布 宣布 表示 指出 认为 预计 预期 估计 计算 分析 报告 调查"
    " 研究 数字 比例 比重 规模 总额 金额 数量 速度 效率 品质 质量 风险 机会 挑战 问题 原因 结果 影响 作用 意义 目标 策略 战略 政策 法规 法律 规定 标准 条件 要求 限制 禁止 允许 同意 拒绝 反对".split()
)
_LONG_ENOUGH = 5


def has_tail(printed: str) -> bool:
    """Whether a name ends as companies' names do.

    >>> has_tail("腾讯音乐"), has_tail("英特尔资本")
    (False, True)
    """
    return bool(_TAIL.search(printed))


def is_weak(text: str, start: int, end: int, name: Name, told: str | None = None, *, beside_known: bool = False) -> bool:
    """Whether an unlisted name at ``text[start:end]`` (folded Chinese text) should be left alone.

    `beside_known`: it is joined to a listed name by 和 or 、, as one company is to another.
    `told` is the text in which to count how often the article speaks of it, when that is not all of `text`.

    >>> from extractors.normalize import fold
    >>> line = fold("計劃投資高達100億美元")
    >>> is_weak(line, 4, 6, Name(4, 6, "高達", "高達", None, "company"))
    True
    """
    if name.entity_id is not None:
        return False
    printed = text[start:end]
    if printed in _COMMON or _DEED.fullmatch(printed):
        return True
    if beside_known or any(char.isascii() for char in printed) or len(printed) >= _LONG_ENOUGH or name.aliases:
        return False
    if _TAIL.search(printed) or (text if told is None else told).count(printed) > 1:
        return False
    return not (_DESCRIBED.search(text, max(start - 6, 0), start) or _AFTER.match(text, end))
